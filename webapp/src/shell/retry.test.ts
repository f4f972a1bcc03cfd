import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRetry } from './retry'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('createRetry', () => {
  it('waits longer after each failure, with chance, and never beyond its longest', () => {
    const waits = Array.from({ length: 12 }).map(() => 0)
    const retry = createRetry(() => undefined)
    waits.forEach((_wait, failure) => {
      retry.schedule()
      waits[failure] = retry.nextTryAt.value!.getTime() - Date.now()
      vi.runAllTimers()
    })
    expect(waits[0]).toBeGreaterThanOrEqual(250)
    expect(waits[0]).toBeLessThanOrEqual(750)
    expect(waits[11]).toBeGreaterThanOrEqual(7_500)
    expect(Math.max(...waits)).toBeLessThanOrEqual(22_500)
    expect(new Set(waits).size).toBeGreaterThan(6)
  })

  it('waits at least as long as the server says', () => {
    const retry = createRetry(() => undefined)
    retry.schedule(30)
    expect(retry.nextTryAt.value!.getTime() - Date.now()).toBeGreaterThanOrEqual(30_000)
  })

  it('tries once for failures that come together, and not at all after a reset', () => {
    const attempt = vi.fn()
    const retry = createRetry(attempt)
    retry.schedule()
    retry.schedule()
    vi.runAllTimers()
    expect(attempt).toHaveBeenCalledOnce()
    retry.schedule()
    retry.reset()
    vi.runAllTimers()
    expect(attempt).toHaveBeenCalledOnce()
    expect(retry.nextTryAt.value).toBeUndefined()
  })
})
