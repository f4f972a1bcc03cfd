/**
 * Uploads of this page as a pure state machine: what becomes of them with each event, and which may begin.
 *
 * waiting -> sending -> done; a cut leads back to waiting, a refusal to `failed` (people may try again) or `refused`
 * (nothing would change by trying).
 */
import type { AttachedFile, ChatError } from '@webapp/plugin-api'

export interface Upload {
  readonly id: string
  readonly roomId: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed' | 'refused'
  /** Bytes that are on the server. */
  readonly sent: number
  /** In the tray of its room; else a message is waiting for it. */
  readonly isInTray: boolean
  /** Breaks in a row without a byte of progress between them. */
  readonly breaks: number
  /** Not before then, in milliseconds since 1970. */
  readonly retryAt?: number | undefined
  readonly error?: ChatError | undefined
  readonly file?: AttachedFile | undefined
  /** Address of the picture on this device, where it is one. */
  readonly preview?: string | undefined
}

export type Queue = readonly Upload[]

export type UploadEvent =
  | { type: 'added', uploads: Queue }
  | { type: 'begun', id: string }
  | { type: 'progressed', id: string, sent: number }
  | { type: 'finished', id: string, file: AttachedFile }
  | { type: 'broken', id: string, error: ChatError, now: number }
  | { type: 'retried', ids: readonly string[] }
  | { type: 'connected' }
  | { type: 'taken', roomId: string }
  | { type: 'put back', ids: readonly string[] }
  | { type: 'removed', ids: readonly string[] }

/** More would only share the same line. */
const MOST_AT_ONCE = 2
const MOST_BREAKS = 6
const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 30_000
/** Who is told to wait longer decides for themselves. */
const LONGEST_WAIT_S = 60
const FINAL = ['files.too_large', 'files.invalid_name', 'files.invalid_header']

export function applyUpload(queue: Queue, event: UploadEvent): Queue {
  switch (event.type) {
    case 'added':
      return [...queue, ...event.uploads]
    case 'removed':
      return queue.filter(({ id }) => !event.ids.includes(id))
    case 'taken':
      return queue.map(upload => canGo(upload, event.roomId) ? { ...upload, isInTray: false } : upload)
    case 'put back':
      return queue.map(upload => event.ids.includes(upload.id) ? { ...upload, isInTray: true } : upload)
    case 'retried':
      return queue.map(upload => event.ids.includes(upload.id) && upload.state !== 'done' && upload.state !== 'sending' ? woken(upload) : upload)
    case 'connected':
      return queue.map(upload => upload.error?.kind === 'unavailable' && upload.state !== 'done' ? woken(upload) : upload)
    default:
      return queue.map(upload => upload.id === event.id ? changed(upload, event) : upload)
  }
}

/** What goes along if a message is sent in the room now. */
export function readyToGo(queue: Queue, roomId: string): Queue {
  return queue.filter(upload => canGo(upload, roomId))
}

/** Uploads that may begin now. */
export function startable(queue: Queue, now: number): Queue {
  const free = MOST_AT_ONCE - queue.filter(({ state }) => state === 'sending').length
  return queue.filter(({ state, retryAt = 0 }) => state === 'waiting' && retryAt <= now).slice(0, Math.max(0, free))
}

/** When the next one that waits for its time may begin; undefined if none does. */
export function nextRetryAt(queue: Queue): number | undefined {
  const times = queue.flatMap(({ state, retryAt }) => state === 'waiting' && retryAt !== undefined ? [retryAt] : [])
  return times.length ? Math.min(...times) : undefined
}

/** What has become of several together: their files, an error, or undefined while they are on their way. */
export function outcome(queue: Queue, ids: readonly string[], lost: ChatError): AttachedFile[] | ChatError | undefined {
  const uploads = ids.map(id => queue.find(upload => upload.id === id))
  if (uploads.includes(undefined)) return lost
  const stopped = uploads.find(upload => upload!.state === 'failed' || upload!.state === 'refused')
  if (stopped) return stopped.error
  const files = uploads.flatMap(upload => upload!.file ?? [])
  return files.length === ids.length ? files : undefined
}

function canGo({ roomId, isInTray, state }: Upload, room: string): boolean {
  return roomId === room && isInTray && state !== 'refused'
}

function woken(upload: Upload): Upload {
  return { ...upload, state: 'waiting', breaks: 0, retryAt: undefined, error: undefined }
}

function changed(upload: Upload, event: Extract<UploadEvent, { id: string }>): Upload {
  switch (event.type) {
    case 'begun':
      return { ...upload, state: 'sending', retryAt: undefined, error: undefined }
    case 'progressed':
      return { ...upload, sent: event.sent, breaks: event.sent > upload.sent ? 0 : upload.breaks }
    case 'finished':
      return { ...upload, state: 'done', sent: upload.size, file: event.file, error: undefined }
    case 'broken':
      return broken(upload, event.error, event.now)
  }
}

function broken(upload: Upload, error: ChatError, now: number): Upload {
  if (FINAL.includes(error.code)) return { ...upload, state: 'refused', error }
  const isPassing = (error.isTemporary || error.kind === 'conflict') && (error.retryAfterS ?? 0) <= LONGEST_WAIT_S
  if (!isPassing || upload.breaks >= MOST_BREAKS) return { ...upload, state: 'failed', error }
  const waitMs = error.retryAfterS === undefined ? Math.min(FIRST_RETRY_MS * 2 ** upload.breaks, LONGEST_RETRY_MS) : error.retryAfterS * 1000
  return { ...upload, state: 'waiting', error, breaks: upload.breaks + 1, retryAt: now + waitMs }
}
