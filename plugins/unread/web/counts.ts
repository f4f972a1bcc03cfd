/** What is unread, by room: as the server tells it, and what this page knows before the server does. */
import { serviceKey } from '@webapp/plugin-api'
import { computed, shallowReactive } from 'vue'
import type { ComputedRef } from 'vue'

export interface Count {
  /** As far as the count goes. */
  last_seq: number
  unread: number
  mentions: number
  /** Everything up to here has been read. */
  read_seq: number
}

/** A notice leaves out what cannot have moved. */
export type CountNews = Omit<Count, 'read_seq'> & Partial<Pick<Count, 'read_seq'>>

export interface Counts {
  /** Reactive; undefined until the server has told it. */
  of: (roomId: string) => Count | undefined
  readonly total: ComputedRef<number>
  readonly mentions: ComputedRef<number>
  /** Ids of the rooms where something is unread. */
  readonly rooms: ComputedRef<string[]>
  /** Takes everything anew. */
  reset: (rooms: Readonly<Record<string, Count>>) => void
  update: (rooms: Readonly<Record<string, CountNews>>) => void
  /** Everything up to `seq` is read; the rest is the server's to count, unless nothing is left. */
  read: (roomId: string, seq: number) => void
  /** A message has come that nobody has seen here. */
  add: (roomId: string, seq: number, isMention: boolean) => void
  /** The room is not this guest's any more. */
  drop: (roomId: string) => void
}

export const COUNTS = serviceKey<Counts>('unread.counts')

const NOTHING: Count = { last_seq: 0, unread: 0, mentions: 0, read_seq: 0 }

export function createCounts(): Counts {
  const counts = shallowReactive(new Map<string, Count>())
  const change = (roomId: string, news: Partial<Count>): void =>
    void counts.set(roomId, { ...counts.get(roomId) ?? NOTHING, ...news })

  const sum = (part: 'unread' | 'mentions') => computed(() => [...counts.values()].reduce((all, count) => all + count[part], 0))

  return {
    of: roomId => counts.get(roomId),
    drop: roomId => void counts.delete(roomId),
    total: sum('unread'),
    mentions: sum('mentions'),
    rooms: computed(() => [...counts].filter(([, { unread }]) => unread > 0).map(([id]) => id)),
    reset(rooms) {
      counts.clear()
      for (const [id, count] of Object.entries(rooms)) counts.set(id, count)
    },
    update(rooms) {
      for (const [id, news] of Object.entries(rooms)) {
        const known = counts.get(id) ?? NOTHING
        // A count of messages that this page has seen meanwhile is late.
        if (news.read_seq === undefined && news.last_seq <= Math.max(known.read_seq, known.last_seq)) continue
        change(id, news)
      }
    },
    read(roomId, seq) {
      const known = counts.get(roomId) ?? NOTHING
      if (seq <= known.read_seq) return
      change(roomId, seq >= known.last_seq ? { last_seq: seq, unread: 0, mentions: 0, read_seq: seq } : { read_seq: seq })
    },
    add(roomId, seq, isMention) {
      const known = counts.get(roomId) ?? NOTHING
      if (seq <= Math.max(known.last_seq, known.read_seq)) return
      change(roomId, { last_seq: seq, unread: known.unread + 1, mentions: known.mentions + (isMention ? 1 : 0) })
    },
  }
}
