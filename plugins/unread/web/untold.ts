/** What was read here and the server has not confirmed, kept over reloads: a page may be closed before its word has left. */
import type { SafeStorage, Session } from '@webapp/plugin-api'

export interface Untold {
  /** By room, up to which `seq`. */
  all: () => [roomId: string, seq: number][]
  add: (roomId: string, seq: number) => void
  /** Forgets a room if nothing after `seq` was read in it. */
  remove: (roomId: string, seq: number) => void
}

const KEPT = 'unread.untold'

export function createUntold(storage: SafeStorage, session: Pick<Session, 'user'>): Untold {
  const me = (): string | undefined => session.user.value?.id
  const rooms = (): Map<string, number> => new Map(readKept(storage.get(KEPT), me()))
  const keep = (untold: Map<string, number>): void => untold.size
    ? storage.set(KEPT, JSON.stringify({ user: me(), rooms: [...untold] }))
    : storage.remove(KEPT)

  return {
    all: () => [...rooms()],
    add: (roomId, seq) => keep(rooms().set(roomId, seq)),
    remove(roomId, seq) {
      const untold = rooms()
      if ((untold.get(roomId) ?? Infinity) > seq) return
      untold.delete(roomId)
      keep(untold)
    },
  }
}

function readKept(kept: string | undefined, user: string | undefined): [string, number][] {
  try {
    const found = JSON.parse(kept ?? '') as { user?: string, rooms?: [string, number][] }
    return user && found.user === user ? found.rooms ?? [] : []
  }
  catch {
    return []
  }
}
