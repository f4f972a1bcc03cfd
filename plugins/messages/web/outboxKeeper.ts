/** Keeps the outbox in IndexedDB, or in memory where the browser refuses that. */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { ErrorKind } from '@webapp/plugin-api'
import { openDB } from 'idb'

export interface OutboxItem {
  clientId: string
  /** An outbox outlives a guest: nobody sends what another one wrote. */
  author: string
  room: string
  text: string
  replyTo?: number | undefined
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

interface Schema extends DBSchema {
  outbox: { key: string, value: OutboxItem }
}

export function createOutboxKeeper(): OutboxKeeper {
  let opened: Promise<IDBPDatabase<Schema> | undefined> | undefined

  function database(): Promise<IDBPDatabase<Schema> | undefined> {
    opened ??= openDB<Schema>('prickle.messages', 1, {
      upgrade: db => void db.createObjectStore('outbox', { keyPath: 'clientId' }),
    }).catch(() => undefined)
    return opened
  }

  /** Without a database the page's own list is all there is. */
  async function attempt<T>(use: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
    const db = await database()
    return db ? use(db).catch(() => otherwise) : otherwise
  }

  return {
    async load() {
      const items = await attempt(db => db.getAll('outbox'), [])
      return items.sort((a, b) => a.createdAt < b.createdAt ? -1 : 1)
    },
    put: item => attempt(async db => void await db.put('outbox', item), undefined),
    remove: clientId => attempt(db => db.delete('outbox', clientId), undefined),
  }
}
