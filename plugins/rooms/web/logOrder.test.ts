import type { Entry } from './types'
import { describe, expect, it } from 'vitest'
import { hasHole, receive, skipTo, startAfter } from './logOrder'

const entry = (seq: number): Entry => ['messages.created', { room: 'room_a', seq }]
const seqs = (entries: Entry[]) => entries.map(([, payload]) => payload.seq)

describe('the order of a log', () => {
  it('lets entries through as they come', () => {
    const { order, due } = receive(startAfter(4), [entry(5), entry(6)])
    expect(seqs(due)).toEqual([5, 6])
    expect(order.seq).toBe(6)
    expect(hasHole(order)).toBe(false)
  })

  it('drops what has come out before', () => {
    const { order } = receive(startAfter(4), [entry(5)])
    expect(receive(order, [entry(5), entry(3)]).due).toEqual([])
  })

  it('holds back what lies beyond a hole until the hole is filled', () => {
    const beyond = receive(startAfter(4), [entry(7), entry(6)])
    expect(beyond.due).toEqual([])
    expect(hasHole(beyond.order)).toBe(true)
    const filled = receive(beyond.order, [entry(5), entry(6)])
    expect(seqs(filled.due)).toEqual([5, 6, 7])
    expect(hasHole(filled.order)).toBe(false)
  })

  it('keeps waiting behind a second hole', () => {
    const beyond = receive(startAfter(0), [entry(2), entry(4)])
    const partly = receive(beyond.order, [entry(1)])
    expect(seqs(partly.due)).toEqual([1, 2])
    expect(hasHole(partly.order)).toBe(true)
  })

  it('lets a waiting entry out once, though it comes in again with the missed ones', () => {
    const { order } = receive(startAfter(0), [entry(3)])
    expect(seqs(receive(order, [entry(1), entry(2), entry(3)]).due)).toEqual([1, 2, 3])
  })

  it('goes on after a reload and forgets what that has covered', () => {
    const { order } = receive(startAfter(0), [entry(5), entry(9)])
    const skipped = skipTo(order, 8)
    expect(seqs(skipped.due)).toEqual([9])
    expect(skipped.order).toEqual(startAfter(9))
  })

  it('does not go back by a reload that is older than itself', () => {
    const order = startAfter(9)
    expect(skipTo(order, 8)).toEqual({ order, due: [] })
  })
})
