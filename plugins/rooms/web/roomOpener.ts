/** Keeps the room that is looked at open on the socket: when it is entered, and again at each reconnect. */
import type { ChatError, Missed, Socket } from '@webapp/plugin-api'
import type { ShallowRef } from 'vue'
import type { FollowedLog } from './roomLog'
import type { Opened, Room } from './types'
import { serviceKey, toChatError } from '@webapp/plugin-api'
import { shallowRef } from 'vue'
import { createRoomLog } from './roomLog'

export interface OpenRoom {
  readonly id: string
  /** Undefined until the server has opened it. */
  readonly room?: Room
  /** Why it cannot be opened. */
  readonly error?: ChatError
}

export interface RoomOpener {
  readonly log: FollowedLog
  readonly current: Readonly<ShallowRef<OpenRoom | undefined>>
  open: (roomId: string) => void
  /** Ends the notices of the room that is open, if it is still this one. */
  close: (roomId: string) => void
  /** Tries again after an error. */
  reopen: () => void
  /** The room is not this guest's any more. */
  lose: (roomId: string, error: ChatError) => void
}

export const ROOM_OPENER = serviceKey<RoomOpener>('rooms.opener')

const RETRY_MS = 3000

export function createRoomOpener(socket: Socket): RoomOpener {
  const current = shallowRef<OpenRoom>()
  const log = createRoomLog(socket, (room, after) => join({ room, after }))
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const join = (payload: { room: string, after?: number }): Promise<Opened & Missed> => socket.command('rooms.join', payload)

  async function reopen(): Promise<void> {
    clearTimeout(timer)
    const room = current.value?.id
    if (!room || socket.state.value !== 'connected') return
    if (current.value?.error) current.value = { id: room }
    const mine = ++attempt
    const after = log.follow(room)
    try {
      const opened = await join(after === undefined ? { room } : { room, after })
      if (mine !== attempt) return
      current.value = { id: room, room: opened.room }
      log.settle(opened)
    }
    catch (caught) {
      if (mine === attempt) fail(room, toChatError(caught))
    }
  }

  function fail(room: string, error: ChatError): void {
    if (!error.isTemporary) lose(room, error)
    // A lost connection is made anew by the shell, and then the room is opened again.
    else if (socket.state.value === 'connected') timer = setTimeout(() => void reopen(), (error.retryAfterS ?? 0) * 1000 || RETRY_MS)
  }

  function lose(room: string, error: ChatError): void {
    log.forget(room)
    if (current.value?.id !== room) return
    attempt++
    log.unfollow()
    current.value = { id: room, error }
  }

  function close(room: string): void {
    if (current.value?.id !== room) return
    clearTimeout(timer)
    attempt++
    log.unfollow()
    current.value = undefined
    // Without an answer the connection is gone, and with it the open room.
    if (socket.state.value === 'connected') socket.command('rooms.close', { room }).catch(() => undefined)
  }

  socket.onConnect(() => void reopen())

  return {
    log,
    current,
    close,
    lose,
    reopen: () => void reopen(),
    open(roomId) {
      if (current.value?.id === roomId) return
      if (current.value) close(current.value.id)
      current.value = { id: roomId }
      void reopen()
    },
  }
}
