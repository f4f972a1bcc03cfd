/**
 * The messages of one room as this client knows them: a pure reducer for live notices, missed entries and pages alike.
 *
 * Whatever the order in which entries and pages arrive, doubled or not, the result is what a fresh load would show:
 * each message remembers which log entry it is as new as, and nothing older ever replaces it.
 */
import type { Entry, KnownMessage, Message, MessageChange } from './types'

export interface Timeline {
  /** The loaded stretch of the history, oldest first, without a message missing in it. */
  readonly messages: readonly KnownMessage[]
  /** Changed messages that are not loaded; a page in flight may still bring their older state. */
  readonly unplaced: ReadonlyMap<number, KnownMessage>
  /** The newest message that is known to exist, loaded or not. */
  readonly newest: number
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

export interface Page {
  /** In any order. */
  messages: readonly Message[]
  /** Where the page lies: the whole window anew, or next to what is loaded. */
  side: 'fresh' | 'older' | 'newer'
  /** The last entry that was known when the page was asked for: its messages are at least as new. */
  asOf: number
  /** Whether nothing lies beyond the page, towards older messages. */
  reachesStart?: boolean
  /** Whether nothing lay beyond the page, towards newer messages, when the server read it. */
  reachesEnd?: boolean
}

/** Enough for all changes that can arrive while one page is in flight. */
const MAX_UNPLACED = 500

export const emptyTimeline: Timeline = { messages: [], unplaced: new Map(), newest: 0, hasOlder: true, hasNewer: true }

/** Where `seq` is, or would have to be inserted. */
export function placeOf(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (messages[middle]!.seq < seq)
      low = middle + 1
    else
      high = middle
  }
  return low
}

export function findMessage(timeline: Timeline, seq: number): KnownMessage | undefined {
  const message = timeline.messages[placeOf(timeline.messages, seq)]
  return message?.seq === seq ? message : undefined
}

/** Returns the state after one entry; entries of other plugins change nothing here. */
export function applyEntry(timeline: Timeline, [event, payload]: Entry): Timeline {
  switch (event) {
    case 'messages.created':
      return create(timeline, payload as Message)
    case 'messages.updated':
    case 'messages.deleted':
      return change(timeline, { ...(payload as MessageChange).message, version: payload.seq })
    default:
      return timeline
  }
}

/** Returns the state with the answer to this client's own edit, which tells the message but not the entry. */
export function applyAnswer(timeline: Timeline, message: Message): Timeline {
  return change(timeline, { ...message, version: findMessage(timeline, message.seq)?.version ?? message.seq })
}

export function applyPage(timeline: Timeline, page: Page): Timeline {
  const bySeq = new Map<number, KnownMessage>()
  if (page.side !== 'fresh')
    timeline.messages.forEach(message => bySeq.set(message.seq, message))
  for (const message of page.messages) {
    const known = findMessage(timeline, message.seq) ?? timeline.unplaced.get(message.seq)
    bySeq.set(message.seq, known && known.version > page.asOf ? known : { ...message, version: Math.max(page.asOf, message.seq) })
  }
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const last = messages.at(-1)?.seq ?? 0
  const newest = Math.max(timeline.newest, last)
  return {
    messages,
    unplaced: new Map([...timeline.unplaced].filter(([seq, known]) => !bySeq.has(seq) && known.version > page.asOf)),
    newest,
    hasOlder: page.reachesStart === undefined ? timeline.hasOlder : !page.reachesStart,
    // What was created after the server read the page is not in it, however complete it was.
    hasNewer: page.reachesEnd === undefined ? timeline.hasNewer : !page.reachesEnd || (newest > last && newest > page.asOf),
  }
}

/** Returns the state without the oldest messages beyond `keep`; they can be loaded again. */
export function trimOldest(timeline: Timeline, keep: number): Timeline {
  if (timeline.messages.length <= keep)
    return timeline
  return { ...timeline, messages: timeline.messages.slice(-keep), hasOlder: true }
}

function create(timeline: Timeline, message: Message): Timeline {
  const newest = Math.max(timeline.newest, message.seq)
  const at = placeOf(timeline.messages, message.seq)
  if (timeline.messages[at]?.seq === message.seq)
    return timeline
  const isBeforeWindow = at === 0 && timeline.hasOlder
  const isAfterWindow = at === timeline.messages.length && timeline.hasNewer
  if (isBeforeWindow || isAfterWindow)
    return { ...timeline, newest }
  const known = timeline.unplaced.get(message.seq) ?? { ...message, version: message.seq }
  return { ...timeline, newest, messages: timeline.messages.toSpliced(at, 0, known) }
}

function change(timeline: Timeline, message: KnownMessage): Timeline {
  const at = placeOf(timeline.messages, message.seq)
  const known = timeline.messages[at]
  if (known?.seq === message.seq)
    return known.version > message.version ? timeline : { ...timeline, messages: timeline.messages.with(at, message) }
  if ((timeline.unplaced.get(message.seq)?.version ?? 0) > message.version)
    return timeline
  const unplaced = new Map(timeline.unplaced)
  unplaced.delete(message.seq)
  const kept = [...unplaced.set(message.seq, message)].slice(-MAX_UNPLACED)
  return { ...timeline, unplaced: new Map(kept) }
}
