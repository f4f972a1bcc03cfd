/** Keeps the outbox in IndexedDB, so that nothing that was sent is lost by a reload. */
import type { AttachedFile, ErrorKind } from '@webapp/plugin-api'
import type { MessagesDatabase } from './database'

export interface OutboxItem {
  clientId: string
  /** An outbox outlives a guest: nobody sends what another one wrote. */
  author: string
  room: string
  text: string
  replyTo?: number | undefined
  /** What goes with it; it is not sent before `files` are known. */
  uploads?: readonly string[] | undefined
  /** The uploads once they are on the server. */
  files?: readonly AttachedFile[] | undefined
  /** When it was written, RFC 3339. */
  createdAt: string
  /** The newest message that was known then; the stored one stands after it. */
  after: number
  state: 'waiting' | 'sending' | 'failed'
  error?: { code: string, kind: ErrorKind } | undefined
  /** When the server takes messages again, in milliseconds since 1970. */
  retryAt?: number | undefined
}

export interface OutboxKeeper {
  load: () => Promise<OutboxItem[]>
  put: (item: OutboxItem) => Promise<void>
  remove: (clientId: string) => Promise<void>
}

export function createOutboxKeeper(database: MessagesDatabase): OutboxKeeper {
  return {
    async load() {
      const items = await database(db => db.getAll('outbox')) ?? []
      return items.sort((a, b) => a.createdAt < b.createdAt ? -1 : 1)
    },
    put: async item => void await database(db => db.put('outbox', item)),
    remove: clientId => database(db => db.delete('outbox', clientId)),
  }
}
