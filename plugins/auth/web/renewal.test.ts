import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChatError } from '@webapp/plugin-api'
import { scheduleRenewal } from './renewal'

const HOUR_MS = 3600 * 1000

function grant(lifetimeMs: number) {
  const claims = btoa(JSON.stringify({ iat: Date.now() / 1000 }))
  return { token: `h.${claims}.s`, expires_at: new Date(Date.now() + lifetimeMs).toISOString(), user: { id: 'guest_a', name: 'A' } }
}
const failure = (kind: 'unavailable' | 'unauthenticated') => new ChatError({ kind, code: 'auth.x', message: '', details: {}, trace_id: '' })

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

describe('the renewal', () => {
  it('comes when a third of the time is left, even after weeks', async () => {
    const renew = vi.fn(() => Promise.resolve())
    scheduleRenewal(renew).planFor(grant(60 * 24 * HOUR_MS))
    await vi.advanceTimersByTimeAsync(40 * 24 * HOUR_MS - 1000)
    expect(renew).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2000)
    expect(renew).toHaveBeenCalledOnce()
  })

  it('is tried again while the server is away', async () => {
    const renew = vi.fn(() => Promise.reject(failure('unavailable')))
    scheduleRenewal(renew).planFor(grant(3 * HOUR_MS))
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS + 150_000)
    expect(renew).toHaveBeenCalledTimes(3)
  })

  it('ends with a token that is refused', async () => {
    const renew = vi.fn(() => Promise.reject(failure('unauthenticated')))
    scheduleRenewal(renew).planFor(grant(3 * HOUR_MS))
    await vi.advanceTimersByTimeAsync(3 * HOUR_MS)
    expect(renew).toHaveBeenCalledOnce()
  })

  it('does not come after signing out', async () => {
    const renew = vi.fn(() => Promise.resolve())
    const renewal = scheduleRenewal(renew)
    renewal.planFor(grant(3 * HOUR_MS))
    renewal.cancel()
    await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
    expect(renew).not.toHaveBeenCalled()
  })
})
