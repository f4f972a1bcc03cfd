/** Who is writing in which room. Each is forgotten by itself: a notice that ends it may never come. */
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive } from 'vue'

export const SHOWN_MS = 5000

export interface Typists {
  /** Ids of those who are writing, longest first; reactive. */
  in: (roomId: string) => readonly string[]
  /** Takes a list from the server: everybody of one replica who is writing. */
  update: (roomId: string, users: readonly string[]) => void
  /** Somebody's message has come, or they have left. */
  end: (roomId: string, user: string) => void
  /** What was heard before a reconnect is over. */
  clear: () => void
}

export const TYPISTS = serviceKey<Typists>('typing.typists')

const NOBODY: readonly string[] = []

export function createTypists(): Typists {
  /** By room, the lists of different replicas; nobody is on two of them. */
  const rooms = shallowReactive(new Map<string, readonly (readonly string[])[]>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  function set(roomId: string, lists: readonly (readonly string[])[]): void {
    const left = lists.filter(list => list.length)
    if (left.length) rooms.set(roomId, left)
    else rooms.delete(roomId)
  }

  function end(roomId: string, user: string): void {
    const lists = rooms.get(roomId)
    if (lists) set(roomId, lists.map(list => list.filter(other => other !== user)))
  }

  function expect(roomId: string, user: string): void {
    const key = `${roomId} ${user}`
    clearTimeout(timers.get(key))
    timers.set(key, setTimeout(() => {
      timers.delete(key)
      end(roomId, user)
    }, SHOWN_MS))
  }

  return {
    in: roomId => rooms.get(roomId)?.flat() ?? NOBODY,
    end,
    clear: () => rooms.clear(),
    update(roomId, users) {
      const lists = rooms.get(roomId) ?? []
      // An empty list ends the only one there is; with several, it is not known whose it is, and time ends it.
      const others = users.length ? lists.filter(list => !list.some(user => users.includes(user))) : lists.length > 1 ? lists : []
      set(roomId, [...others, users])
      users.forEach(user => expect(roomId, user))
    },
  }
}
