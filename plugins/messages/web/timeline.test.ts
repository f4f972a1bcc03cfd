import type { Page, Timeline } from './timeline'
import type { Entry, Message } from './types'
import { describe, expect, it } from 'vitest'
import { applyAnswer, applyEntry, applyPage, emptyTimeline, findMessage, placeOf, trimOldest } from './timeline'

function message(seq: number, more: Partial<Message> = {}): Message {
  return { room: 'room_a', seq, author: 'guest_a', text: `text ${seq}`, created_at: '2026-11-25T09:41:00.000Z', ...more }
}
const created = (seq: number): Entry => ['messages.created', message(seq)]
function updated(seq: number, target: number, text: string): Entry {
  return ['messages.updated', { room: 'room_a', seq, message: message(target, { text, edited_at: '2026-11-25T09:42:00.000Z' }) } as Entry[1]]
}
function deleted(seq: number, target: number): Entry {
  return ['messages.deleted', { room: 'room_a', seq, message: message(target, { text: undefined, deleted: true }) } as Entry[1]]
}
function page(seqs: number[], more: Partial<Page> = {}): Page {
  return { messages: seqs.map(seq => message(seq)), side: 'fresh', asOf: Math.max(0, ...seqs), reachesStart: true, reachesEnd: true, ...more }
}
const apply = (timeline: Timeline, ...entries: Entry[]) => entries.reduce(applyEntry, timeline)
const seqsOf = (timeline: Timeline) => timeline.messages.map(({ seq }) => seq)
const textOf = (timeline: Timeline, seq: number) => findMessage(timeline, seq)?.text
const ready = applyPage(emptyTimeline, page([]))

describe('live entries', () => {
  it('stand in the order of their seq, however they arrive', () => {
    expect(seqsOf(apply(ready, created(3), created(1), created(2)))).toEqual([1, 2, 3])
  })

  it('are shown once, however often they arrive', () => {
    const once = apply(ready, created(1))
    expect(apply(once, created(1), created(1))).toEqual(once)
  })

  it('leave the state alone when they belong to another plugin', () => {
    expect(apply(ready, ['reactions.added', { room: 'room_a', seq: 4 }])).toBe(ready)
  })

  it('do not change the state that was given', () => {
    const before = apply(ready, created(1))
    apply(before, created(2), updated(3, 1, 'new'))
    expect(before.messages).toHaveLength(1)
    expect(textOf(before, 1)).toBe('text 1')
  })
})

describe('edits and deletions', () => {
  it('replace the whole message', () => {
    expect(findMessage(apply(ready, created(1), updated(2, 1, 'new')), 1)).toMatchObject({ text: 'new', edited_at: expect.any(String) })
  })

  it('never go back: the entry with the highest seq wins', () => {
    const newest = apply(ready, created(1), updated(5, 1, 'fifth'))
    expect(textOf(apply(newest, updated(4, 1, 'fourth')), 1)).toBe('fifth')
  })

  it('hold when they arrive before the creation', () => {
    const timeline = apply(ready, updated(3, 2, 'new'), created(2))
    expect(textOf(timeline, 2)).toBe('new')
    expect(textOf(apply(timeline, created(2)), 2)).toBe('new')
  })

  it('leave a tombstone that no older edit revives', () => {
    const timeline = apply(ready, created(1), deleted(6, 1), updated(5, 1, 'late'))
    expect(findMessage(timeline, 1)).toMatchObject({ deleted: true, text: undefined })
  })

  it('leave a tombstone in place even before the creation is known', () => {
    expect(findMessage(apply(ready, deleted(3, 1), created(1)), 1)?.deleted).toBe(true)
  })

  it('are taken from the answer to the own command until an entry tells more', () => {
    const answered = applyAnswer(apply(ready, created(1)), message(1, { text: 'mine' }))
    expect(textOf(answered, 1)).toBe('mine')
    expect(textOf(apply(answered, updated(2, 1, 'theirs')), 1)).toBe('theirs')
  })

  it('keep a bounded number of changes to messages that are not loaded', () => {
    const many = Array.from({ length: 700 }, (_, index) => updated(2000 + index, index + 1, 'new'))
    const timeline = apply(emptyTimeline, ...many)
    expect(timeline.unplaced.size).toBe(500)
    expect(timeline.unplaced.has(700)).toBe(true)
  })
})

describe('pages', () => {
  it('go before and after what is loaded', () => {
    const middle = applyPage(emptyTimeline, page([5, 6], { reachesStart: false, reachesEnd: false }))
    const older = applyPage(middle, page([3, 4], { side: 'older', reachesStart: true, reachesEnd: undefined }))
    const all = applyPage(older, page([7, 8], { side: 'newer', reachesStart: undefined, reachesEnd: true }))
    expect(seqsOf(all)).toEqual([3, 4, 5, 6, 7, 8])
    expect(all).toMatchObject({ hasOlder: false, hasNewer: false, newest: 8 })
  })

  it('do not undo an edit that overtook them', () => {
    const loading = apply(emptyTimeline, updated(9, 4, 'new'))
    expect(textOf(applyPage(loading, page([3, 4], { asOf: 8 })), 4)).toBe('new')
  })

  it('do not undo an edit of a loaded message when the window is loaded anew', () => {
    const edited = apply(applyPage(emptyTimeline, page([3, 4])), updated(9, 4, 'new'))
    expect(textOf(applyPage(edited, page([3, 4], { asOf: 8 })), 4)).toBe('new')
  })

  it('win over a change that was known when they were asked for', () => {
    const known = apply(emptyTimeline, updated(9, 4, 'old'))
    const timeline = applyPage(known, { ...page([]), messages: [message(4, { text: 'newest' })], asOf: 12 })
    expect(textOf(timeline, 4)).toBe('newest')
    expect(timeline.unplaced.size).toBe(0)
  })

  it('are not the end while something newer is known', () => {
    const overtaken = applyPage(apply(emptyTimeline, created(11)), page([9, 10], { asOf: 10 }))
    expect(overtaken.hasNewer).toBe(true)
    const complete = applyPage(overtaken, page([11], { side: 'newer', reachesStart: undefined, asOf: 11 }))
    expect(seqsOf(complete)).toEqual([9, 10, 11])
    expect(complete.hasNewer).toBe(false)
  })

  it('end the search for newer messages even if the newest one is not served', () => {
    const timeline = applyPage(apply(emptyTimeline, created(11)), page([9, 10], { asOf: 11 }))
    expect(timeline.hasNewer).toBe(false)
  })

  it('replace everything after a reload', () => {
    const before = applyPage(emptyTimeline, page([1, 2, 3]))
    expect(seqsOf(applyPage(before, page([90, 91], { reachesStart: false })))).toEqual([90, 91])
  })
})

describe('the window', () => {
  const detached = applyPage(emptyTimeline, page([5, 6], { reachesStart: false, reachesEnd: false }))

  it('does not take in a live message beyond a gap', () => {
    const timeline = apply(detached, created(40))
    expect(seqsOf(timeline)).toEqual([5, 6])
    expect(timeline.newest).toBe(40)
  })

  it('does not take in a message from before its start', () => {
    expect(seqsOf(apply(detached, created(2)))).toEqual([5, 6])
  })

  it('can forget its oldest messages', () => {
    const timeline = trimOldest(applyPage(emptyTimeline, page([1, 2, 3, 4])), 2)
    expect(seqsOf(timeline)).toEqual([3, 4])
    expect(timeline.hasOlder).toBe(true)
    expect(trimOldest(timeline, 2)).toBe(timeline)
  })

  it('finds the place of a message', () => {
    expect(placeOf(detached.messages, 4)).toBe(0)
    expect(placeOf(detached.messages, 6)).toBe(1)
    expect(placeOf(detached.messages, 7)).toBe(2)
  })
})

/** A small repeatable source of chance. */
function chance(seed: number) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
}

describe('old snapshot and entries', () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed + 1))('equal a fresh snapshot in any order, run %i', (seed) => {
    const random = chance(seed)
    const log: Entry[] = []
    const alive: number[] = []
    for (let seq = 1; seq <= 60; seq++) {
      const target = alive[Math.floor(random() * alive.length)]
      if (target === undefined || random() < 0.5) {
        alive.push(seq)
        log.push(created(seq))
      }
      else {
        log.push(random() < 0.7 ? updated(seq, target, `edit ${seq}`) : deleted(seq, target))
      }
    }
    const state = (upTo: number) => apply(ready, ...log.slice(0, upTo))
    const asOf = Math.floor(random() * 60)
    const snapshot: Page = { ...page([]), messages: state(asOf).messages.map(({ version: _, ...plain }) => plain), asOf }
    const mixed = [...log, ...log.slice(20, 40)].sort(() => random() - 0.5)
    const cut = Math.floor(random() * mixed.length)
    const early = apply(ready, ...mixed.slice(0, cut))
    const late = apply(applyPage(early, { ...snapshot, side: 'newer' }), ...mixed.slice(cut), ...mixed)
    const plain = (timeline: Timeline) => timeline.messages.map(({ version: _, ...rest }) => rest)
    expect(plain(late)).toEqual(plain(state(60)))
  })
})
