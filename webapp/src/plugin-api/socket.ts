/** The socket as plugins see it: acked commands, notices, and the news that it is connected (again). */

import type { Ref } from 'vue'

export interface CommandOptions {
  /** Milliseconds to wait for the ack. @default 15_000 */
  timeoutMs?: number
}

export type NoticeHandler<P = unknown> = (payload: P) => void

/** One entry of a room's log, just as it comes live: `[event, payload]`. */
export type LogEntry = readonly [event: string, payload: unknown]

export interface Connected {
  /** Not the first time since this guest signed in: something may have been missed. */
  again: boolean
}

export type ConnectionState = 'signed-out' | 'connecting' | 'connected' | 'waiting'

export interface Socket {
  readonly state: Readonly<Ref<ConnectionState>>
  /** When the next try to connect begins; undefined unless `state` is `waiting`. */
  readonly nextTryAt: Readonly<Ref<Date | undefined>>
  /**
   * Sends a command and returns its ack's data. Never queued: without a connection it rejects at once.
   *
   * Rejects with a `ChatError`: the server's, or `webapp.offline` (not sent), `webapp.timed_out` and
   * `webapp.connection_lost` (may have been done: repeat only what is idempotent).
   */
  command: <R>(name: string, payload: object, options?: CommandOptions) => Promise<R>
  onNotice: <P>(event: string, handler: NoticeHandler<P>) => () => void
  /**
   * Shows each live notice to `take` first. What it takes (by returning true) goes no further until it is replayed:
   * that is how the entries of a log, which may arrive with holes between them, reach the handlers in order.
   */
  gate: (take: (event: string, payload: unknown) => boolean) => () => void
  /** Called at each connect, after the server has accepted the token. */
  onConnect: (handler: (connected: Connected) => void) => () => void
  /** Hands entries to the handlers of live notices, in order and past every gate. */
  replay: (entries: readonly LogEntry[]) => void
  /** Connects now instead of at `nextTryAt`. */
  tryNow: () => void
}
