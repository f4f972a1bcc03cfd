import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLastSeen, GATHER_MS, timeAgo } from './lastSeen'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('when people were last seen', () => {
  it('is asked for everybody of a moment at once, a hundred at most', async () => {
    const asked: [string, number][] = []
    const lastSeen = createLastSeen({
      get: <T>(path: string, options?: { query?: Record<string, unknown> }) => {
        const users = String(options?.query?.users).split(',')
        asked.push([path, users.length])
        return Promise.resolve({ users: Object.fromEntries(users.map(user => [user, '2026-11-25T09:00:00.000Z'])) } as T)
      },
    })
    for (let guest = 0; guest < 120; guest++) lastSeen.ask('room_a', `guest_${guest}`)
    lastSeen.ask('room_a', 'guest_1')
    expect(lastSeen.of('guest_1')).toBeUndefined()
    await vi.advanceTimersByTimeAsync(GATHER_MS)
    expect(asked).toEqual([['/api/rooms/room_a/presence/seen', 100], ['/api/rooms/room_a/presence/seen', 20]])
    expect(lastSeen.of('guest_119')).toEqual(new Date('2026-11-25T09:00:00Z'))
  })

  it('stays unknown without an answer', async () => {
    const lastSeen = createLastSeen({ get: () => Promise.reject(new Error('away')) })
    lastSeen.ask('room_a', 'guest_a')
    await vi.advanceTimersByTimeAsync(GATHER_MS)
    expect(lastSeen.of('guest_a')).toBeUndefined()
  })

  it.each([
    [5, 'en', '1 minute ago'],
    [5 * 60, 'en', '5 minutes ago'],
    [3 * 3600, 'en', '3 hours ago'],
    [26 * 3600, 'en', '1 day ago'],
    [5 * 60, 'ko', '5분 전'],
  ])('%i s ago is, in %s, %s', (seconds, language, words) => {
    const now = new Date('2026-11-25T09:00:00Z')
    expect(timeAgo(new Date(now.getTime() - seconds * 1000), now, language)).toBe(words)
  })
})
