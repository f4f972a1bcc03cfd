/** What the page has of uploads before somebody chooses a file: next to nothing. */
import type { Registry } from '@webapp/plugin-api'
import type { Transfer } from './transfer'
import type { FileLimits } from './types'
import type { Uploader } from './uploader'
import type { Queue } from './uploadQueue'
import { ATTACHMENTS, serviceKey } from '@webapp/plugin-api'
import { shallowRef } from 'vue'

export interface Uploads {
  /** Reactive; empty until there is one. */
  readonly queue: () => Queue
  /** Reactive; undefined while nobody has needed them. */
  readonly limits: () => FileLimits | undefined
  /** Fetches the code, and what the server takes. */
  load: () => Promise<Uploader>
}

export const UPLOADS = serviceKey<Uploads>('files.uploads')

const newId = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`

/** Tells whether this tab had something in a tray before a reload, without the code that knows what. */
function hadTrays(): boolean {
  try {
    return Boolean(sessionStorage.getItem('prickle.files.trays'))
  }
  catch {
    return false
  }
}

export function offerUploads({ http, session, socket, offer }: Registry): void {
  const uploader = shallowRef<Uploader>()
  let loading: Promise<Uploader> | undefined

  async function fetchUploader(): Promise<Uploader> {
    // With what shows them in a message that waits, maybe without a connection: then it could not be fetched.
    const [{ createUploader }, { createUploadKeeper }, { createTransfer }, { trays }] = await Promise.all([import('./uploader'), import('./uploadKeeper'), import('./transfer'), import('./trays'), import('./components/UploadsOnTheirWay.vue')])
    const transferUntil = (signal: AbortSignal): Transfer => createTransfer(() => session.credentials.value?.token, signal)
    return uploader.value = createUploader({ http, session, socket, keeper: createUploadKeeper(), transferUntil, newId, trays })
  }

  async function load(): Promise<Uploader> {
    loading ??= fetchUploader()
    try {
      return await loading
    }
    catch (caught) {
      loading = undefined
      throw caught
    }
  }

  if (hadTrays()) void load().then(loaded => loaded.restoreTrays())

  offer(UPLOADS, { queue: () => uploader.value?.queue() ?? [], limits: () => uploader.value?.limits(), load })
  offer(ATTACHMENTS, {
    count: roomId => uploader.value?.count(roomId) ?? 0,
    take: roomId => uploader.value?.take(roomId) ?? [],
    upload: async uploads => (await load()).upload(uploads),
    // Without the uploader nothing of an earlier visit has been looked at yet, and these are about that.
    putBack: uploads => void (uploads.length && load().then(loaded => loaded.putBack(uploads))),
    release: uploads => void (uploads.length && load().then(loaded => loaded.release(uploads))),
    drop: uploads => void (uploads.length && load().then(loaded => loaded.drop(uploads))),
  })
}
