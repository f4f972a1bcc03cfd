/** The socket on socket.io-client: one connection for the signed-in guest, reconnected with jitter, its commands acked. */

import { readonly, shallowRef, watch } from 'vue'
import { io } from 'socket.io-client'
import { ChatError, isWireError, toChatError } from '@webapp/plugin-api/errors'
import type { Session } from '@webapp/plugin-api/session'
import type { CommandOptions, Connected, ConnectionState, LogEntry, NoticeHandler, Socket } from '@webapp/plugin-api/socket'
import { createRetry } from './retry'

type Ack = { ok: true, data: unknown } | { ok: false, error: unknown }

const COMMAND_TIMEOUT_MS = 15_000

export interface SocketOptions {
  session: Session
  /** Where the server is. @default the page's own origin */
  url?: string
}

export function createSocket({ session, url = '/' }: SocketOptions): Socket {
  const state = shallowRef<ConnectionState>('signed-out')
  const notices = new Map<string, Set<NoticeHandler<never>>>()
  const gates = new Set<(event: string, payload: unknown) => boolean>()
  const connects = new Set<(connected: Connected) => void>()
  const wire = io(url, {
    autoConnect: false,
    // Our own retries tell when the next one begins, and treat a refusal like any other failure.
    reconnection: false,
    transports: ['websocket'],
    auth: answer => answer({ token: session.credentials.value?.token }),
    // Lets a balancer keep one client on one replica.
    query: { rid: crypto.randomUUID?.() ?? String(Math.random()) },
  })
  let wasConnected = false
  const retry = createRetry(connect)

  function connect(): void {
    if (!session.user.value || wire.connected) return
    state.value = 'connecting'
    wire.connect()
  }

  function waitForRetry(afterS?: number): void {
    if (!session.user.value) return
    state.value = 'waiting'
    retry.schedule(afterS)
  }

  wire.on('connect', () => {
    retry.reset()
    state.value = 'connected'
    const again = wasConnected
    wasConnected = true
    connects.forEach(handler => guarded(() => handler({ again })))
  })
  wire.on('connect_error', (failure: Error & { data?: unknown }) => {
    const error = isWireError(failure.data) ? toChatError(failure.data) : undefined
    // With the refusal told, the session renews or ends; a new token connects at once (see the watch below).
    if (error?.kind === 'unauthenticated') session.refuse(error)
    waitForRetry(error?.retryAfterS)
  })
  wire.on('disconnect', () => waitForRetry())
  wire.onAny((event: string, payload: unknown) => {
    if (![...gates].some(take => take(event, payload))) dispatch(event, payload)
  })

  function dispatch(event: string, payload: unknown): void {
    notices.get(event)?.forEach(handler => guarded(() => handler(payload as never)))
  }

  watch(() => session.user.value?.id, (userId) => {
    wasConnected = false
    retry.reset()
    wire.disconnect()
    if (userId) connect()
    else state.value = 'signed-out'
  }, { immediate: true, flush: 'sync' })
  watch(() => session.credentials.value?.token, () => {
    if (state.value === 'waiting') retry.now()
  }, { flush: 'sync' })
  whenPageWakes(() => {
    if (state.value === 'waiting') retry.now()
  })

  async function command<R>(name: string, payload: object, { timeoutMs = COMMAND_TIMEOUT_MS }: CommandOptions = {}): Promise<R> {
    if (!wire.connected) throw ChatError.local('webapp.offline', 'There is no connection.')
    const ack = await emit(name, payload, timeoutMs)
    if (!ack.ok) throw toChatError(ack.error)
    return ack.data as R
  }

  async function emit(name: string, payload: object, timeoutMs: number): Promise<Ack> {
    try {
      return await wire.timeout(timeoutMs).emitWithAck(name, payload) as Ack
    }
    catch {
      throw wire.connected
        ? ChatError.local('webapp.timed_out', 'No answer in time.')
        : ChatError.local('webapp.connection_lost', 'The connection broke before the answer.')
    }
  }

  return {
    state: readonly(state),
    nextTryAt: readonly(retry.nextTryAt),
    command,
    onNotice(event, handler) {
      const handlers = notices.get(event) ?? new Set()
      notices.set(event, handlers.add(handler as NoticeHandler<never>))
      return () => handlers.delete(handler as NoticeHandler<never>)
    },
    gate(take) {
      gates.add(take)
      return () => gates.delete(take)
    },
    onConnect(handler) {
      connects.add(handler)
      return () => connects.delete(handler)
    },
    replay: (entries: readonly LogEntry[]) => entries.forEach(([event, payload]) => dispatch(event, payload)),
    tryNow: retry.now,
  }
}

/** One handler that throws must not keep the others from hearing of it. */
function guarded(run: () => void): void {
  try {
    run()
  }
  catch (error) {
    console.error('a socket handler failed:', error)
  }
}

function whenPageWakes(run: () => void): void {
  window.addEventListener('online', run)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && run())
}
