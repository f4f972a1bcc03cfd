/** Tells the room that one is writing: at the first key, every 3 s while it goes on, and when the text is gone again. */
import type { Socket } from '@webapp/plugin-api'
import { serviceKey } from '@webapp/plugin-api'

export const REPEAT_MS = 3000
/** A text that is gone has most likely been sent, and then the message says it. */
export const STOP_AFTER_MS = 1500

export interface Telling {
  /** The text in the composer has changed by hand. */
  wrote: (roomId: string, text: string) => void
  /** One's own message is there, or the room has been left. */
  ended: (roomId: string) => void
}

export const TELLING = serviceKey<Telling>('typing.telling')

export function createTelling(socket: Pick<Socket, 'command' | 'state'>, now: () => number = Date.now): Telling {
  const toldAt = new Map<string, number>()
  const stops = new Map<string, ReturnType<typeof setTimeout>>()

  function tell(command: string, room: string): void {
    // A try that fails is worth no second one.
    if (socket.state.value === 'connected') socket.command(command, { room }).catch(() => undefined)
  }

  function forget(roomId: string): void {
    clearTimeout(stops.get(roomId))
    stops.delete(roomId)
  }

  function stop(roomId: string): void {
    forget(roomId)
    if (toldAt.delete(roomId)) tell('typing.stop', roomId)
  }

  return {
    wrote(roomId, text) {
      forget(roomId)
      if (!text) {
        if (toldAt.has(roomId)) stops.set(roomId, setTimeout(() => stop(roomId), STOP_AFTER_MS))
        return
      }
      if (now() - (toldAt.get(roomId) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
      toldAt.set(roomId, now())
      tell('typing.start', roomId)
    },
    ended(roomId) {
      forget(roomId)
      toldAt.delete(roomId)
    },
  }
}
