import { describe, expect, it } from 'vitest'
import { createCounts } from './counts'

const count = (last_seq: number, unread: number, read_seq = 0, mentions = 0) => ({ last_seq, unread, mentions, read_seq })

describe('counts', () => {
  it('are what the server tells, room by room', () => {
    const counts = createCounts()
    counts.reset({ a: count(9, 4, 5), b: count(3, 0, 3) })
    counts.update({ a: { last_seq: 11, unread: 6, mentions: 1 } })
    expect(counts.of('a')).toEqual(count(11, 6, 5, 1))
    expect([counts.total.value, counts.rooms.value]).toEqual([6, ['a']])
  })

  it('are nothing when the last message has been read', () => {
    const counts = createCounts()
    counts.reset({ a: count(9, 4, 5, 2) })
    counts.read('a', 7)
    expect(counts.of('a')).toEqual(count(9, 4, 7, 2))
    counts.read('a', 9)
    expect(counts.of('a')).toEqual(count(9, 0, 9))
  })

  it('ignore a count that is late', () => {
    const counts = createCounts()
    counts.read('a', 9)
    counts.update({ a: { last_seq: 9, unread: 3, mentions: 0 } })
    expect(counts.of('a')?.unread).toBe(0)
  })

  it('go back when another device marks something unread', () => {
    const counts = createCounts()
    counts.read('a', 9)
    counts.update({ a: count(9, 3, 6) })
    expect(counts.of('a')).toEqual(count(9, 3, 6))
  })

  it('count each message once, and none that has been read', () => {
    const counts = createCounts()
    counts.read('a', 9)
    counts.add('a', 9, false)
    counts.add('a', 10, true)
    counts.add('a', 10, true)
    expect(counts.of('a')).toEqual(count(10, 1, 9, 1))
  })
})
