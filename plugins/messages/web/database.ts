/** This plugin's IndexedDB, or nothing where the browser refuses that: then the page's memory is all there is. */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { OutboxItem } from './outboxKeeper'
import type { Message } from './types'
import { openDB } from 'idb'

interface Schema extends DBSchema {
  outbox: { key: string, value: OutboxItem }
  newest: { key: string, value: { user: string, room: string, messages: readonly Message[] } }
}

/** Runs `use` on the database; undefined where there is none, or where it fails. */
export type MessagesDatabase = <T>(use: (db: IDBPDatabase<Schema>) => Promise<T>) => Promise<T | undefined>

export function openMessagesDatabase(): MessagesDatabase {
  let opened: Promise<IDBPDatabase<Schema>> | undefined

  return async (use) => {
    try {
      opened ??= openDB<Schema>('prickle.messages', 1, {
        upgrade(db) {
          db.createObjectStore('outbox', { keyPath: 'clientId' })
          db.createObjectStore('newest', { keyPath: 'room' })
        },
      })
      return await use(await opened)
    }
    catch {
      return undefined
    }
  }
}
