/** Says that nobody looks at this device when its page has been hidden for five minutes, and when somebody does again. */
import type { Socket } from '@webapp/plugin-api'
import { useEventListener } from '@vueuse/core'

export const AWAY_AFTER_MS = 5 * 60_000

export function followAttention(socket: Pick<Socket, 'command' | 'state' | 'onConnect'>, page: Document = document): void {
  let isAway = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(state: 'online' | 'away'): void {
    isAway = state === 'away'
    if (socket.state.value === 'connected') socket.command('presence.update', { state }).catch(() => undefined)
  }

  function look(): void {
    clearTimeout(timer)
    if (page.visibilityState === 'hidden') timer = setTimeout(say, AWAY_AFTER_MS, 'away')
    else if (isAway) say('online')
  }

  useEventListener(page, 'visibilitychange', look)
  // The server takes every new connection for somebody who is there.
  socket.onConnect(() => isAway && say('away'))
  look()
}
