/** Leaves rooms with time to think again: nothing is sent before that has passed. */
import type { Socket } from '@webapp/plugin-api'
import type { RoomStore } from './roomStore'
import type { Room } from './types'
import { serviceKey, toChatError } from '@webapp/plugin-api'

export interface Leaving {
  /** Takes the room off the list; returns what brings it back. */
  leave: (room: Room) => () => void
}

export const LEAVING = serviceKey<Leaving>('rooms.leaving')

export const UNDO_MS = 8000

export function createLeaving(socket: Pick<Socket, 'command' | 'onConnect'>, store: Pick<RoomStore, 'remove' | 'put'>): Leaving {
  /** Rooms whose leaving waits for a connection. */
  const due = new Map<string, Room>()

  async function send(room: Room): Promise<void> {
    try {
      await socket.command('rooms.leave', { room: room.id })
    }
    catch (caught) {
      const error = toChatError(caught)
      if (error.isTemporary) due.set(room.id, room)
      // Being no member already is what was wanted.
      else if (error.kind !== 'not_found') store.put(room)
    }
  }

  socket.onConnect(() => {
    const rooms = [...due.values()]
    due.clear()
    rooms.forEach(room => void send(room))
  })

  return {
    leave(room) {
      store.remove(room.id)
      const timer = setTimeout(() => void send(room), UNDO_MS)
      return () => {
        clearTimeout(timer)
        store.put(room)
      }
    },
  }
}
