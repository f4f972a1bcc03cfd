/**
 * Hands out the entries of the open room's log in order, each once, and fetches what is missing.
 *
 * The place in the log is remembered for rooms that were open before, so coming back to one costs what was missed.
 */
import type { LogOpened, Missed, RoomLog, Socket } from '@webapp/plugin-api'
import type { LogOrder } from './logOrder'
import type { Entry } from './types'
import { toChatError } from '@webapp/plugin-api'
import { hasHole, receive, skipTo, startAfter } from './logOrder'

export interface FollowedLog extends RoomLog {
  /** Starts to follow a room's log, holding its entries back until `settle`; returns the last `seq` that is known. */
  follow: (roomId: string) => number | undefined
  /** Takes the answer to opening the room. */
  settle: (missed: Missed) => void
  unfollow: () => void
  /** Forgets the place in a log that is not to be had any more. */
  forget: (roomId: string) => void
}

/** An own message is known by its ack, which may come after the notice that follows it. */
const HOLE_GRACE_MS = 300
const RETRY_MS = 3000

export function createRoomLog(socket: Socket, reopen: (roomId: string, after: number) => Promise<Missed>): FollowedLog {
  const orders = new Map<string, LogOrder>()
  const handlers = new Set<(opened: LogOpened) => void>()
  let fetchMissed = reopen
  let followed: string | undefined
  /** What comes in while the room is being opened. */
  let early: Entry[] | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function take(roomId: string, entries: readonly Entry[]): void {
    if (roomId === followed && early) early.push(...entries)
    else if (orders.has(roomId)) handOut(roomId, receive(orders.get(roomId)!, entries))
  }

  function handOut(roomId: string, { order, due }: { order: LogOrder, due: Entry[] }): void {
    orders.set(roomId, order)
    socket.replay(due)
    if (roomId === followed && hasHole(order) && timer === undefined) healIn(HOLE_GRACE_MS)
  }

  function healIn(waitMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      void heal()
    }, waitMs)
  }

  /** Fetches what is missing, or makes sure that nothing is. */
  async function heal(): Promise<void> {
    const roomId = followed
    const order = roomId && orders.get(roomId)
    if (!order || early || socket.state.value !== 'connected') return
    try {
      const missed = await fetchMissed(roomId, order.seq)
      if (roomId === followed && !early && merge(roomId, missed)) tellOpened(roomId, true)
    }
    catch (caught) {
      if (roomId === followed && toChatError(caught).isTemporary) healIn(RETRY_MS)
    }
  }

  /** Returns whether what is shown of the room has to be fetched anew. */
  function merge(roomId: string, { entries = [], last_seq, reload }: Missed): boolean {
    const known = orders.get(roomId)
    if (!known || reload) {
      handOut(roomId, known ? skipTo(known, last_seq) : { order: startAfter(last_seq), due: [] })
      return true
    }
    handOut(roomId, receive(known, entries as Entry[]))
    // One answer may hold only a part of what was missed.
    if (entries.length && orders.get(roomId)!.seq < last_seq) healIn(0)
    return false
  }

  function tellOpened(roomId: string, isReload: boolean): void {
    handlers.forEach(handler => handler({ roomId, lastSeq: orders.get(roomId)!.seq, isReload }))
  }

  socket.gate((event, payload) => {
    if (!isEntry(payload) || payload.room !== followed) return false
    take(payload.room, [[event, payload]])
    return true
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && timer === undefined) void heal()
  })

  return {
    follow(roomId) {
      followed = roomId
      early ??= []
      return orders.get(roomId)?.seq
    },
    settle(missed) {
      const waiting = early ?? []
      early = undefined
      tellOpened(followed!, merge(followed!, missed))
      take(followed!, waiting)
    },
    unfollow() {
      clearTimeout(timer)
      timer = followed = early = undefined
    },
    forget: roomId => void orders.delete(roomId),
    onOpened(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    lastSeq: roomId => orders.get(roomId)?.seq,
    receive: (roomId, entries) => take(roomId, entries as readonly Entry[]),
    syncWith(fetch) {
      fetchMissed = fetch
      return () => void (fetchMissed = reopen)
    },
  }
}

/** Notices that are no entries have no `seq` beside `room`. */
function isEntry(payload: unknown): payload is Entry[1] {
  const fields = payload as Partial<Entry[1]> | null
  return typeof fields === 'object' && fields !== null && typeof fields.room === 'string' && Number.isInteger(fields.seq)
}
