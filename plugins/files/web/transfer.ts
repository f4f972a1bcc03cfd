/** One request with a body that takes its time: XMLHttpRequest, since only it tells how far it is. */
import { ChatError, toChatError } from '@webapp/plugin-api'

export interface TransferOptions {
  headers?: Record<string, string>
  body?: Blob
  /** Bytes of the body that have left. */
  onProgress?: (sent: number) => void
}

export interface TransferAnswer {
  header: (name: string) => string | undefined
  /** Parsed JSON; undefined where there is none. */
  body: unknown
}

/** Rejects with a `ChatError`, or with an `AbortError` when it is called off. */
export type Transfer = (method: string, path: string, options?: TransferOptions) => Promise<TransferAnswer>

/** So long without a byte: the connection is dead, whatever the browser thinks. */
const STALLED_MS = 60_000

export function createTransfer(token: () => string | undefined, signal: AbortSignal): Transfer {
  return (method, path, { headers = {}, body, onProgress } = {}) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    const stalled = createAlarm(STALLED_MS, abort)
    request.open(method, path)
    const bearer = token()
    Object.entries({ ...headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) }).forEach(([name, value]) => request.setRequestHeader(name, value))
    request.upload.onprogress = ({ loaded }) => {
      stalled.reset()
      onProgress?.(loaded)
    }
    request.onload = () => request.status < 300 ? resolve(answerOf(request)) : reject(errorOf(request))
    request.onerror = request.onabort = () =>
      reject(signal.aborted ? signal.reason as Error : ChatError.local('webapp.connection_lost', 'The connection broke.'))
    request.onloadend = () => {
      stalled.stop()
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    if (signal.aborted) return reject(signal.reason as Error)
    stalled.reset()
    request.send(body ?? null)
  })
}

function createAlarm(afterMs: number, ring: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  return {
    stop,
    reset(): void {
      stop()
      timer = setTimeout(ring, afterMs)
    },
  }
}

function answerOf(request: XMLHttpRequest): TransferAnswer {
  return { header: name => request.getResponseHeader(name) ?? undefined, body: parsed(request.responseText) }
}

function errorOf({ status, statusText, responseText }: XMLHttpRequest): ChatError {
  const body = parsed(responseText)
  if (body) return toChatError(body)
  // A proxy has a limit of its own, and answers in HTML.
  return status === 413
    ? new ChatError({ kind: 'invalid_input', code: 'files.too_large', message: statusText, details: {}, trace_id: '' })
    : errorWithoutBody(status, statusText)
}

/** Such as the answer to HEAD. */
function errorWithoutBody(status: number, message: string): ChatError {
  return status === 404
    ? new ChatError({ kind: 'not_found', code: 'files.upload_not_found', message, details: {}, trace_id: '' })
    : ChatError.local('webapp.unreadable_answer', `${status} ${message}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return undefined
  }
}
