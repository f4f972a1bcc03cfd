/** Carries out what the queue of uploads says. Loaded with the first file that somebody chooses. */
import type { AttachedFile, Attachments, Registry } from '@webapp/plugin-api'
import type { Transfer } from './transfer'
import type { Trays } from './trays'
import type { FileLimits } from './types'
import type { KeptUpload, UploadKeeper } from './uploadKeeper'
import type { Queue, UploadEvent } from './uploadQueue'
import { ChatError, toChatError } from '@webapp/plugin-api'
import { shallowRef, watch } from 'vue'
import { isDrawn } from './imageBox'
import { sendFile } from './sending'
import { applyUpload, nextRetryAt, outcome, readyToGo, startable } from './uploadQueue'

export interface Uploader extends Omit<Attachments, 'putBack'> {
  /** Reactive. */
  readonly queue: () => Queue
  readonly limits: () => FileLimits | undefined
  /** Puts files into the room's tray and uploads them; returns how many of them a message cannot carry any more. */
  add: (roomId: string, files: readonly File[]) => Promise<number>
  retry: (id: string) => void
  putBack: (uploads: readonly string[]) => Promise<void>
  /** Puts what this tab's trays held before a reload back into them. */
  restoreTrays: () => Promise<void>
}

type Ports = Pick<Registry, 'http' | 'session' | 'socket'> & {
  keeper: UploadKeeper
  /** Called off by `signal`. */
  transferUntil: (signal: AbortSignal) => Transfer
  newId: () => string
  trays: Trays
}

/** As long as the server keeps what no message carries. */
const TRAY_KEPT_MS = 24 * 3_600_000
const TOO_LARGE = new ChatError({ kind: 'invalid_input', code: 'files.too_large', message: '', details: {}, trace_id: '' })
const LOST = new ChatError({ kind: 'not_found', code: 'files.upload_lost', message: '', details: {}, trace_id: '' })

export function createUploader({ http, session, socket, keeper, transferUntil, newId, trays }: Ports): Uploader {
  const queue = shallowRef<Queue>([])
  const limits = shallowRef<FileLimits>()
  const bodies = new Map<string, KeptUpload>()
  const running = new Map<string, AbortController>()
  const before = trays.read()
  const settlers = new Set<() => void>()
  let alarm: ReturnType<typeof setTimeout> | undefined

  socket.onConnect(() => happen({ type: 'connected' }))
  // What another guest has sent off stays kept until they come back.
  watch(() => session.user.value?.id, () => forget(queue.value.map(({ id }) => id)), { flush: 'sync' })

  function happen(event: UploadEvent): void {
    queue.value = applyUpload(queue.value, event)
    if (event.type !== 'progressed') noteTrays()
    settlers.forEach(settle => settle())
    sendNext()
  }

  function noteTrays(): void {
    trays.write(queue.value.flatMap(({ id, isInTray }) => isInTray ? id : []))
  }

  function sendNext(): void {
    clearTimeout(alarm)
    // Whatever the browser says, the socket knows whether the server can be reached; its next connect goes on here.
    if (socket.state.value !== 'connected') return
    startable(queue.value, Date.now()).forEach(({ id }) => void send(id))
    const next = nextRetryAt(queue.value)
    if (next !== undefined) alarm = setTimeout(sendNext, Math.max(0, next - Date.now()))
  }

  async function send(id: string): Promise<void> {
    const body = bodies.get(id)!
    const controller = new AbortController()
    running.set(id, controller)
    queue.value = applyUpload(queue.value, { type: 'begun', id })
    try {
      const file = await sendFile(body, {
        transfer: transferUntil(controller.signal),
        onProgress: sent => happen({ type: 'progressed', id, sent }),
        onLocation: location => keep(id, { location }),
      })
      keep(id, { file })
      happen({ type: 'finished', id, file })
    }
    catch (caught) {
      if (!controller.signal.aborted) happen({ type: 'broken', id, error: toChatError(caught), now: Date.now() })
    }
    finally {
      running.delete(id)
    }
  }

  function keep(id: string, news: Partial<KeptUpload> = {}): void {
    const body = bodies.get(id)
    if (!body) return
    const upload = queue.value.find(upload => upload.id === id)
    // A refused one is of no use to a later page.
    if (!upload || upload.state === 'refused') return
    Object.assign(body, news, { trayAt: upload.isInTray ? body.trayAt ?? Date.now() : undefined })
    void keeper.put(body)
  }

  function accept(body: KeptUpload, isInTray: boolean): void {
    const isTooLarge = body.body.size > (limits.value?.max_file_bytes ?? Infinity)
    bodies.set(body.id, body)
    happen({ type: 'added', uploads: [{
      id: body.id, roomId: body.roomId, name: body.name, size: body.body.size, sent: 0, breaks: 0, isInTray,
      state: isTooLarge ? 'refused' : body.file ? 'done' : 'waiting',
      error: isTooLarge ? TOO_LARGE : undefined,
      file: body.file,
      preview: isDrawn(body.body.type) ? URL.createObjectURL(body.body) : undefined,
    }] })
  }

  function forget(ids: readonly string[]): void {
    ids.forEach(id => running.get(id)?.abort())
    queue.value.filter(({ id }) => ids.includes(id)).forEach(({ preview }) => preview && URL.revokeObjectURL(preview))
    ids.forEach(id => bodies.delete(id))
    happen({ type: 'removed', ids })
  }

  function release(ids: readonly string[]): void {
    forget(ids)
    void keeper.remove(ids)
  }

  /** Takes up what an earlier page of this guest has kept. */
  async function restore(ids: readonly string[], isInTray = false): Promise<void> {
    const unknown = ids.filter(id => !bodies.has(id))
    if (unknown.length) (await keeper.load(unknown)).filter(({ id }) => !bodies.has(id)).forEach(body => accept(body, isInTray))
  }

  async function learnLimits(): Promise<void> {
    // Without a connection nobody knows them; then the server refuses what is too large.
    limits.value ??= await http.get<FileLimits>('/api/files/limits', { identified: false }).catch(() => undefined)
  }

  return {
    queue: () => queue.value,
    limits: () => limits.value,
    count: roomId => readyToGo(queue.value, roomId).length,
    async add(roomId, files) {
      await learnLimits()
      const free = (limits.value?.max_files ?? files.length) - readyToGo(queue.value, roomId).length
      const taken = files.slice(0, Math.max(0, free))
      for (const file of taken) {
        const id = newId()
        accept({ id, roomId, name: file.name.normalize(), body: file }, true)
        keep(id)
      }
      return files.length - taken.length
    },
    retry: id => happen({ type: 'retried', ids: [id] }),
    take(roomId) {
      const ids = readyToGo(queue.value, roomId).map(({ id }) => id)
      happen({ type: 'taken', roomId })
      ids.forEach(id => keep(id))
      return ids
    },
    async putBack(uploads) {
      await restore(uploads)
      happen({ type: 'put back', ids: uploads })
      uploads.forEach(id => keep(id))
    },
    async restoreTrays() {
      await learnLimits()
      await restore(before, true)
      noteTrays()
      await keeper.tidy(Date.now() - TRAY_KEPT_MS)
    },
    async upload(uploads) {
      await restore(uploads)
      happen({ type: 'retried', ids: uploads })
      return new Promise<readonly AttachedFile[]>((resolve, reject) => {
        function settle(): void {
          const result = outcome(queue.value, uploads, LOST)
          if (!result) return
          settlers.delete(settle)
          if (result instanceof ChatError) reject(result)
          else resolve(result)
        }
        settlers.add(settle)
        settle()
      })
    },
    release,
    drop(uploads) {
      for (const { file, location } of uploads.flatMap(id => bodies.get(id) ?? [])) {
        const path = file ? `/api/files/${file.id}` : location
        // What cannot be dropped now goes by itself, like everything that no message carries.
        if (path) void http.delete(path).catch(() => undefined)
      }
      release(uploads)
    },
  }
}
