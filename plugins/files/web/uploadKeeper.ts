/** Keeps what trays hold and messages on their way carry in IndexedDB, so that a reload loses none of it. */
import type { AttachedFile } from '@webapp/plugin-api'
import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'

export interface KeptUpload {
  id: string
  roomId: string
  name: string
  body: Blob
  /** Since when it is in a tray, in milliseconds since 1970; a message on its way carries what has none. */
  trayAt?: number | undefined
  /** Where the parts of a large one are. */
  location?: string | undefined
  /** What the server has made of it. */
  file?: AttachedFile | undefined
}

export interface UploadKeeper {
  load: (ids: readonly string[]) => Promise<KeptUpload[]>
  put: (upload: KeptUpload) => Promise<void>
  remove: (ids: readonly string[]) => Promise<void>
  /** Drops what trays have held since before `time`: their pages have been closed. */
  tidy: (time: number) => Promise<void>
}

interface Schema extends DBSchema {
  uploads: { key: string, value: KeptUpload }
}

export function createUploadKeeper(): UploadKeeper {
  let opened: Promise<IDBPDatabase<Schema>> | undefined

  /** Where the browser keeps nothing, or not so much, the page's memory is all there is. */
  async function attempt<T>(use: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
    try {
      opened ??= openDB<Schema>('prickle.files', 1, { upgrade: db => void db.createObjectStore('uploads', { keyPath: 'id' }) })
      return await use(await opened)
    }
    catch {
      return undefined
    }
  }

  return {
    async load(ids) {
      const found = await attempt(db => Promise.all(ids.map(id => db.get('uploads', id))))
      return (found ?? []).flatMap(upload => upload ?? [])
    },
    put: async upload => void await attempt(db => db.put('uploads', upload)),
    async tidy(time) {
      await attempt(async (db) => {
        for (let cursor = await db.transaction('uploads', 'readwrite').store.openCursor(); cursor; cursor = await cursor.continue()) {
          if ((cursor.value.trayAt ?? time) < time) await cursor.delete()
        }
      })
    },
    remove: async ids => void await attempt(db => Promise.all(ids.map(id => db.delete('uploads', id)))),
  }
}
