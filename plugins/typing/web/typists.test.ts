import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTypists, SHOWN_MS } from './typists'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('who is writing', () => {
  it('is what the server last told', () => {
    const typists = createTypists()
    typists.update('a', ['ann'])
    typists.update('a', ['ann', 'bob'])
    expect(typists.in('a')).toEqual(['ann', 'bob'])
    typists.update('a', ['bob'])
    expect(typists.in('a')).toEqual(['bob'])
    expect(typists.in('b')).toEqual([])
  })

  it('is nobody after a while without news', () => {
    const typists = createTypists()
    typists.update('a', ['ann'])
    vi.advanceTimersByTime(SHOWN_MS - 1)
    expect(typists.in('a')).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(typists.in('a')).toEqual([])
  })

  it('goes on while it is repeated', () => {
    const typists = createTypists()
    for (let times = 0; times < 4; times++) {
      typists.update('a', ['ann'])
      vi.advanceTimersByTime(3000)
    }
    expect(typists.in('a')).toEqual(['ann'])
  })

  it('ends with the message', () => {
    const typists = createTypists()
    typists.update('a', ['ann', 'bob'])
    typists.end('a', 'ann')
    expect(typists.in('a')).toEqual(['bob'])
  })

  it('ends with an empty list', () => {
    const typists = createTypists()
    typists.update('a', ['ann'])
    typists.update('a', [])
    expect(typists.in('a')).toEqual([])
  })

  it('keeps the lists of two replicas apart', () => {
    const typists = createTypists()
    typists.update('a', ['ann'])
    typists.update('a', ['bob'])
    expect(typists.in('a')).toEqual(['ann', 'bob'])
    typists.update('a', [])
    expect(typists.in('a')).toEqual(['ann', 'bob'])
    typists.update('a', ['ann', 'cid'])
    expect(typists.in('a')).toEqual(['bob', 'ann', 'cid'])
  })

  it('is nobody after a reconnect', () => {
    const typists = createTypists()
    typists.update('a', ['ann'])
    typists.clear()
    expect(typists.in('a')).toEqual([])
  })
})
