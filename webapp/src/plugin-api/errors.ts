/** The one error that plugins see: the wire's error object, and what the page itself has to say about the connection. */

export type ErrorKind =
  | 'invalid_input' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'rate_limited' | 'unavailable' | 'internal'

/** The error object of every HTTP body and every ack. */
export interface WireError {
  kind: ErrorKind
  code: string
  message: string
  details: Record<string, unknown>
  trace_id: string
}

/** Codes that the webapp gives where no answer came; their kind is `unavailable`. */
export type LocalCode = 'webapp.offline' | 'webapp.timed_out' | 'webapp.connection_lost' | 'webapp.unreadable_answer'

export class ChatError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Record<string, unknown>
  readonly traceId: string

  constructor(error: WireError) {
    super(error.message)
    this.name = 'ChatError'
    this.kind = error.kind
    this.code = error.code
    this.details = error.details
    this.traceId = error.trace_id
  }

  static local(code: LocalCode, message: string): ChatError {
    return new ChatError({ kind: 'unavailable', code, message, details: {}, trace_id: '' })
  }

  /** Seconds until trying again makes sense, where the server says so. */
  get retryAfterS(): number | undefined {
    const value = this.details.retry_after_s
    return typeof value === 'number' ? value : undefined
  }

  /** The very same request may succeed later: nothing about it was wrong. */
  get isTemporary(): boolean {
    return this.kind === 'unavailable' || this.kind === 'rate_limited'
  }
}

export function isWireError(value: unknown): value is WireError {
  const error = value as Partial<WireError> | null
  return typeof error === 'object' && error !== null && typeof error.kind === 'string' && typeof error.code === 'string'
}

/** Turns whatever was caught into a `ChatError`; an unknown one becomes `internal`. */
export function toChatError(caught: unknown): ChatError {
  if (caught instanceof ChatError) return caught
  if (isWireError(caught)) return new ChatError({ ...caught, details: caught.details ?? {}, trace_id: caught.trace_id ?? '' })
  const message = caught instanceof Error ? caught.message : String(caught)
  return new ChatError({ kind: 'internal', code: 'webapp.defect', message, details: {}, trace_id: '' })
}
