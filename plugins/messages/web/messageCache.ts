/** The last messages of each room in IndexedDB, to show before the server has answered, or when it cannot. */
import type { MessagesDatabase } from './database'
import type { Message } from './types'

export const KEPT_MESSAGES = 50
const GATHER_MS = 2000

export interface MessageCache {
  load: (user: string, room: string) => Promise<readonly Message[]>
  /** Keeps the newest of `messages`, some time later. */
  keep: (user: string, room: string, messages: readonly Message[]) => void
}

export function createMessageCache(database: MessagesDatabase): MessageCache {
  const waiting = new Map<string, { user: string, room: string, messages: readonly Message[] }>()

  function write(): void {
    for (const { user, room, messages } of waiting.values()) {
      void database(db => db.put('newest', { user, room, messages: messages.slice(-KEPT_MESSAGES) }))
    }
    waiting.clear()
  }

  return {
    async load(user, room) {
      const found = await database(db => db.get('newest', room))
      return found?.user === user ? found.messages : []
    },
    keep(user, room, messages) {
      if (waiting.size === 0) setTimeout(write, GATHER_MS)
      waiting.set(room, { user, room, messages })
    },
  }
}
