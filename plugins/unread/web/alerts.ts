/** Tells somebody who does not look that they were mentioned: by the browser, where it and they allow it, and by a sound. */
import type { SafeStorage } from '@webapp/plugin-api'
import { chime } from './chime'

const NOTICES = 'unread.notices'
const SOUND = 'unread.sound'
const ON = 'on'
const OFF = 'off'

export interface AlertChoices {
  /** Notifications of the browser; they need its permission, too. @default true */
  notices: boolean
  /** @default false */
  sound: boolean
}

export function readChoices(storage: SafeStorage): AlertChoices {
  return { notices: storage.get(NOTICES) !== OFF, sound: storage.get(SOUND) === ON }
}

export function keepChoices(storage: SafeStorage, { notices, sound }: AlertChoices): void {
  storage.set(NOTICES, notices ? ON : OFF)
  storage.set(SOUND, sound ? ON : OFF)
}

/** What the browser says; `unsupported` where it has none. */
export function permission(): NotificationPermission | 'unsupported' {
  return 'Notification' in window ? Notification.permission : 'unsupported'
}

export interface Mentioned {
  roomId: string
  title: string
  body: string
  /** The notification was chosen. */
  open: () => void
}

export function alertOfMention(storage: SafeStorage, mentioned: Mentioned): void {
  const { notices, sound } = readChoices(storage)
  if (notices && permission() === 'granted') notify(mentioned)
  if (sound) chime()
}

function notify({ roomId, title, body, open }: Mentioned): void {
  const options = { body, tag: roomId, icon: '/icon-192.png', silent: true }
  try {
    new Notification(title, options).addEventListener('click', () => {
      window.focus()
      open()
    })
  }
  catch {
    // Phones take them from the service worker alone, which also opens the room.
    void navigator.serviceWorker?.ready.then(worker => worker.showNotification(title, options))
  }
}
