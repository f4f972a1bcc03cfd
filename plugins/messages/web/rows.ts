/** What the log shows, row by row: messages and those on their way, with day breaks and grouping worked out. */
import type { AttachedFile } from '@webapp/plugin-api'
import type { PendingChange } from './conversation'
import type { OutboxItem } from './outboxKeeper'
import type { Message } from './types'

export interface Row {
  /** Stays the same from writing to deleting. */
  key: string
  /** Undefined while the server has not acknowledged it. */
  seq: number | undefined
  author: string
  text: string
  createdAt: Date
  isEdited: boolean
  isDeleted: boolean
  replyTo: number | undefined
  /** On its way, with what can be said about that. */
  item: OutboxItem | undefined
  /** The first row of its day. */
  startsDay: boolean
  /** Follows a row of the same author closely, so its author need not be named again. */
  isGrouped: boolean
}

export interface RowSource {
  messages: readonly Message[]
  /** Of this room, oldest first; empty while the end of the conversation is not loaded. */
  outbox: readonly OutboxItem[]
  pending: ReadonlyMap<number, PendingChange>
  /** Client ids of messages sent from here, by `seq`. */
  sentHere: ReadonlyMap<number, string>
  me: string | undefined
  /** Older messages exist that are not loaded. */
  hasOlder?: boolean
}

const GROUP_MS = 5 * 60 * 1000

export function buildRows(source: RowSource): Row[] {
  const arrived = arrivedAlready(source)
  const rows = source.messages.map(message => rowOf(message, source, arrived))
  for (const item of source.outbox) {
    if (![...arrived.values()].includes(item.clientId)) rows.push(pendingRow(item))
  }
  rows.forEach((row, index) => relate(row, rows[index - 1]))
  // Whether the oldest one starts a day or a group is known with the one before it; shown now, it would change its
  // height then, and everything below it would move.
  return source.hasOlder && rows.length > 1 ? rows.slice(1) : rows
}

/** Puts rows of `before` in place of equal new ones, so that only what has changed is rendered again. */
export function reuseRows(rows: Row[], before: readonly Row[] = []): Row[] {
  const known = new Map(before.map(row => [row.key, row]))
  return rows.map((row) => {
    const old = known.get(row.key)
    return old && isEqual(old, row) ? old : row
  })
}

function isEqual(some: Row, other: Row): boolean {
  const { createdAt: one, ...rest } = some
  const { createdAt: two, ...others } = other
  return one.getTime() === two.getTime() && (Object.keys(rest) as (keyof typeof rest)[]).every(name => rest[name] === others[name])
}

/**
 * Messages on their way that stand in the log already: their notice may overtake their ack, and after a lost
 * connection the ack comes only with the next try. Known by author, text and place.
 */
function arrivedAlready({ messages, outbox, sentHere, me }: RowSource): Map<number, string> {
  const arrived = new Map<number, string>()
  for (const item of outbox) {
    const twin = messages.find(message => message.author === me && message.seq > item.after && (message.text ?? '') === item.text
      && message.reply_to === item.replyTo && isSame(message.files, item.files) && !arrived.has(message.seq) && !sentHere.has(message.seq))
    if (twin) arrived.set(twin.seq, item.clientId)
  }
  return arrived
}

function isSame(some: readonly AttachedFile[] = [], others: readonly AttachedFile[] = []): boolean {
  return some.length === others.length && some.every(({ id }, index) => id === others[index]!.id)
}

const BLANK = { seq: undefined, item: undefined, isEdited: false, isDeleted: false, startsDay: false, isGrouped: false }

function rowOf(message: Message, { pending, sentHere }: RowSource, arrived: Map<number, string>): Row {
  const change = pending.get(message.seq)
  const known = {
    ...BLANK,
    key: sentHere.get(message.seq) ?? arrived.get(message.seq) ?? `seq-${message.seq}`,
    seq: message.seq,
    author: message.author,
    createdAt: new Date(message.created_at),
  }
  if (message.deleted || (change && 'deleted' in change)) return { ...known, text: '', isDeleted: true, replyTo: undefined }
  const text = change?.text ?? message.text ?? ''
  return { ...known, text, isEdited: message.edited_at !== undefined || change !== undefined, replyTo: message.reply_to }
}

function pendingRow(item: OutboxItem): Row {
  const { clientId, author, text, createdAt, replyTo } = item
  return { ...BLANK, key: clientId, author, text, createdAt: new Date(createdAt), replyTo, item }
}

function relate(row: Row, before: Row | undefined): void {
  row.startsDay = !before || before.createdAt.toDateString() !== row.createdAt.toDateString()
  row.isGrouped = !row.startsDay && row.replyTo === undefined && before?.author === row.author
    && row.createdAt.getTime() - before.createdAt.getTime() < GROUP_MS
}
