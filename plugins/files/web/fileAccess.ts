/** Reads files from the server where no header can be set: by a key per room that is fetched once and renewed in time. */
import type { AttachedFile, Registry } from '@webapp/plugin-api'
import type { AccessKey } from './types'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive, watch } from 'vue'

export interface FileAccess {
  /** A key that is good for a while. */
  key: (roomId: string) => Promise<string>
  /** The file is not on the server any more; reactive. */
  isGone: (fileId: string) => boolean
  /** Asks the server for the file, with a new key if need be, and resolves with its address; undefined if it is gone. */
  find: (roomId: string, fileId: string) => Promise<string | undefined>
}

export const FILE_ACCESS = serviceKey<FileAccess>('files.access')

/** A key is replaced so long before it expires: what is begun with it shall end with it. */
const MARGIN_MS = 60_000
/** Where the clocks differ, a key is used at least so long; one that is refused is replaced anyway. */
const LEAST_MS = 60_000

export const addressOf = ({ id }: Pick<AttachedFile, 'id'>, key: string): string => `/api/files/${id}?key=${encodeURIComponent(key)}`

/** `width`: in pixels of the screen. */
export function thumbnailOf({ id }: Pick<AttachedFile, 'id'>, key: string, width: number): string {
  return `/api/files/${id}/thumbnail?width=${width}&key=${encodeURIComponent(key)}`
}

export function createFileAccess({ http, session }: Pick<Registry, 'http' | 'session'>): FileAccess {
  const keys = new Map<string, { key: Promise<string>, until: number }>()
  const gone = shallowReactive(new Set<string>())

  watch(() => session.user.value?.id, () => keys.clear())

  function key(roomId: string): Promise<string> {
    const held = keys.get(roomId)
    return held && held.until > Date.now() ? held.key : renew(roomId)
  }

  function renew(roomId: string): Promise<string> {
    const fresh = { key: fetchKey(), until: Infinity }
    keys.set(roomId, fresh)
    return fresh.key

    async function fetchKey(): Promise<string> {
      try {
        const answer = await http.get<AccessKey>(`/api/rooms/${roomId}/files/key`)
        fresh.until = Math.max(Date.parse(answer.expires_at) - MARGIN_MS, Date.now() + LEAST_MS)
        return answer.key
      }
      catch (caught) {
        fresh.until = 0
        throw caught
      }
    }
  }

  /** A redirect leads to the store itself, where the file is. */
  const ask = async (address: string): Promise<number> => (await fetch(address, { method: 'HEAD', redirect: 'manual' })).status

  return {
    key,
    isGone: fileId => gone.has(fileId),
    async find(roomId, id) {
      let address = addressOf({ id }, await key(roomId))
      let status = await ask(address)
      if (status === 401) {
        address = addressOf({ id }, await renew(roomId))
        status = await ask(address)
      }
      if (status !== 404) return address
      gone.add(id)
      return undefined
    },
  }
}
