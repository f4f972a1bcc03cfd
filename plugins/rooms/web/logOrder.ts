/** Puts the entries of one room's log in order: each comes out once, after all before it, whichever way it came in. */
import type { Entry } from './types'

export interface LogOrder {
  /** Every entry up to here has come out. */
  readonly seq: number
  /** Entries that came in beyond a hole, by `seq`. */
  readonly waiting: ReadonlyMap<number, Entry>
}

export function startAfter(seq: number): LogOrder {
  return { seq, waiting: new Map() }
}

export function hasHole(order: LogOrder): boolean {
  return order.waiting.size > 0
}

/** Takes entries in and returns those that are due now. */
export function receive(order: LogOrder, entries: readonly Entry[]): { order: LogOrder, due: Entry[] } {
  const waiting = new Map(order.waiting)
  for (const entry of entries) {
    if (entry[1].seq > order.seq && !waiting.has(entry[1].seq))
      waiting.set(entry[1].seq, entry)
  }
  const due: Entry[] = []
  let seq = order.seq
  for (let next = waiting.get(seq + 1); next; next = waiting.get(seq + 1)) {
    due.push(next)
    waiting.delete(++seq)
  }
  return { order: { seq, waiting }, due }
}

/** Goes on after `seq` where entries up to there are not to be had: a reload has brought their outcome. */
export function skipTo(order: LogOrder, seq: number): { order: LogOrder, due: Entry[] } {
  if (seq <= order.seq)
    return { order, due: [] }
  const later = [...order.waiting.values()].filter(entry => entry[1].seq > seq)
  return receive(startAfter(seq), later)
}
