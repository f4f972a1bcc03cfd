import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import type { Untold } from './untold'
import { createCounts } from './counts'
import { createReading, FIRST_WAIT_MS, GRACE_MS } from './reading'

function memory(...kept: [string, number][]): Untold {
  const rooms = new Map(kept)
  return {
    all: () => [...rooms],
    add: (roomId, seq) => void rooms.set(roomId, seq),
    remove: (roomId, seq) => void ((rooms.get(roomId) ?? Infinity) <= seq && rooms.delete(roomId)),
  }
}

function setUp({ wait_s = 20, isReady = true, untold = memory() } = {}) {
  const sent: [string, number][] = []
  const counts = createCounts()
  const isAttentive = ref(true)
  const reading = createReading({
    state: ref<'connected'>('connected'),
    command: <R>(name: string, payload: object) => {
      const { seq } = payload as { seq: number }
      sent.push([name, seq])
      const read_seq = name === 'unread.mark' ? seq - 1 : seq
      return Promise.resolve({ last_seq: 9, unread: 9 - read_seq, mentions: 0, read_seq, wait_s } as R)
    },
  }, counts, untold, isAttentive)
  counts.reset({ a: { last_seq: 9, unread: 4, mentions: 0, read_seq: 5 } })
  reading.enter('a')
  if (isReady) reading.ready()
  return { sent, counts, isAttentive, reading }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('reading', () => {
  it('is told soon at first, and then as seldom as the server allows', async () => {
    const { sent, counts, reading } = setUp()
    for (const seq of [6, 7, 8, 9]) reading.show('a', seq, true)
    await vi.advanceTimersByTimeAsync(FIRST_WAIT_MS)
    expect(sent).toEqual([['unread.read', 9]])
    expect(counts.of('a')?.unread).toBe(0)
    reading.show('a', 10, true)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toEqual([['unread.read', 9], ['unread.read', 10]])
  })

  it('needs a page that is visible and focused', async () => {
    const { sent, counts, isAttentive, reading } = setUp()
    isAttentive.value = false
    reading.show('a', 9, true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([sent, counts.of('a')?.unread]).toEqual([[], 4])
    isAttentive.value = true
    expect(counts.of('a')?.unread).toBe(0)
  })

  it('needs the message on the screen', async () => {
    const { counts, isAttentive, reading } = setUp()
    isAttentive.value = false
    reading.show('a', 9, true)
    reading.show('a', 9, false)
    reading.show('a', 6, true)
    isAttentive.value = true
    expect(counts.of('a')?.read_seq).toBe(6)
  })

  it('is told at once when the page may go, and when another device comes', () => {
    const { sent, isAttentive, reading } = setUp()
    reading.show('a', 7, true)
    isAttentive.value = false
    expect(sent).toEqual([['unread.read', 7]])
    isAttentive.value = true
    reading.show('a', 8, true)
    reading.flush()
    expect(sent).toEqual([['unread.read', 7], ['unread.read', 8]])
  })

  it('is told by the next page when this one was closed too soon', async () => {
    const untold = memory(['a', 8])
    const { sent, counts } = setUp({ untold })
    expect(counts.of('a')?.read_seq).toBe(8)
    await vi.advanceTimersByTimeAsync(FIRST_WAIT_MS)
    expect([sent, untold.all()]).toEqual([[['unread.read', 8]], []])
  })

  it('is kept until the server has confirmed it', async () => {
    const untold = memory()
    const { reading } = setUp({ untold })
    reading.show('a', 9, true)
    expect(untold.all()).toEqual([['a', 9]])
    await vi.advanceTimersByTimeAsync(FIRST_WAIT_MS)
    expect(untold.all()).toEqual([])
  })

  it('waits for the counts, so that the divider stands where reading ended', () => {
    const { sent, reading } = setUp({ isReady: false })
    reading.show('a', 9, true)
    reading.flush()
    expect([sent, reading.dividerOf('a')]).toEqual([[], undefined])
    reading.ready()
    reading.flush()
    expect([sent, reading.dividerOf('a')]).toEqual([[['unread.read', 9]], 5])
  })

  it('leaves the divider where it is until the room is left', () => {
    const { reading } = setUp()
    reading.show('a', 9, true)
    expect(reading.dividerOf('a')).toBe(5)
    reading.enter('b')
    reading.enter('a')
    expect(reading.dividerOf('a')).toBeUndefined()
  })

  it('counts a message that nobody sees, and puts the divider before it', async () => {
    const { counts, isAttentive, reading } = setUp()
    reading.show('a', 9, true)
    reading.enter('b')
    reading.enter('a')
    isAttentive.value = false
    reading.arrived('a', 10, true)
    await vi.advanceTimersByTimeAsync(GRACE_MS)
    expect(counts.of('a')).toMatchObject({ unread: 1, mentions: 1 })
    expect(reading.dividerOf('a')).toBe(9)
  })

  it('does not undo what was marked as unread while the room is open', async () => {
    const { counts, reading } = setUp()
    reading.show('a', 9, true)
    await reading.mark('a', 8)
    reading.show('a', 9, false)
    reading.show('a', 9, true)
    expect(counts.of('a')).toMatchObject({ unread: 2, read_seq: 7 })
    expect(reading.dividerOf('a')).toBe(7)
  })
})
