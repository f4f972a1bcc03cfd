import type { Credentials } from '@webapp/plugin-api'
import { ChatError } from '@webapp/plugin-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, shallowRef } from 'vue'
import { createGuestSession } from './guestSession'

const HOUR_MS = 3600 * 1000

function setUp(kept = new Map<string, string>()) {
  const credentials = shallowRef<Credentials>()
  const refusals: (() => void)[] = []
  const calls: [string, unknown][] = []
  const command = vi.fn(async () => ({}))
  const world = { kept, credentials, calls, command, error: undefined as ChatError | undefined, refuse: () => refusals.forEach(handler => handler()) }
  const answer = async <T>(path: string, body?: unknown): Promise<T> => {
    calls.push([path, body])
    if (world.error) throw world.error
    const name = (body as { name?: string } | undefined)?.name ?? 'Quiet Fern'
    const user = { id: 'guest_a', name }
    return (path === '/api/me' ? user : { token: `token ${calls.length}`, expires_at: new Date(Date.now() + 3 * HOUR_MS).toISOString(), user }) as T
  }
  const session = createGuestSession({
    http: { post: answer, patch: answer } as never,
    session: { credentials, user: computed(() => credentials.value?.user), set: (next: Credentials | undefined) => void (credentials.value = next), onRefused: (handler: () => void) => refusals.push(handler) } as never,
    socket: { state: shallowRef('connected'), command } as never,
    storage: { get: (name: string) => kept.get(name), set: (name: string, value: string) => void kept.set(name, value), remove: (name: string) => void kept.delete(name), isKept: true },
  })
  return { ...world, world, session }
}

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

describe('a guest', () => {
  it('comes in under a name, or lets the server choose one', async () => {
    const { session, calls, credentials } = setUp()
    await session.enter('Hana')
    expect(credentials.value?.user.name).toBe('Hana')
    await session.enter('')
    expect(calls.at(-1)).toEqual(['/api/auth/guest', {}])
  })

  it('is the same after a reload', async () => {
    const { session, kept } = setUp()
    await session.enter('Hana')
    expect(setUp(kept).credentials.value).toMatchObject({ token: 'token 1', user: { id: 'guest_a', name: 'Hana' } })
  })

  it('is renewed in time, on the live socket too', async () => {
    const { session, command, credentials } = setUp()
    await session.enter('Hana')
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS + 1000)
    expect(credentials.value?.token).toBe('token 2')
    expect(command).toHaveBeenCalledExactlyOnceWith('auth.update', { token: 'token 2' })
  })

  it('keeps the token when the name changes', async () => {
    const { session, credentials, kept } = setUp()
    await session.enter('Hana')
    await session.rename('Hana Kim')
    expect(credentials.value).toMatchObject({ token: 'token 1', user: { name: 'Hana Kim' } })
    expect(setUp(kept).session.lastName()).toBe('Hana Kim')
  })
})

describe('the end of a session', () => {
  it('leaves nothing but the name', async () => {
    const { session, credentials, kept } = setUp()
    await session.enter('Hana')
    await session.leave()
    expect(credentials.value).toBeUndefined()
    expect([...kept.keys()]).toEqual(['auth.last_name'])
  })

  it('comes here at once when the server cannot be reached', async () => {
    const { session, credentials, world } = setUp()
    await session.enter('Hana')
    world.error = new ChatError({ kind: 'unavailable', code: 'webapp.offline', message: '', details: {}, trace_id: '' })
    await session.leave()
    expect(credentials.value).toBeUndefined()
  })

  it('comes when the token is refused', async () => {
    const { session, credentials, refuse } = setUp()
    await session.enter('Hana')
    refuse()
    expect(credentials.value).toBeUndefined()
  })

  it('comes in all tabs', async () => {
    const { session, credentials } = setUp()
    await session.enter('Hana')
    window.dispatchEvent(new StorageEvent('storage', { key: 'auth.credentials', newValue: null }))
    expect(credentials.value).toBeUndefined()
  })
})
