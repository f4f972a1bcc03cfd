import type { Registry, SessionUser } from '@webapp/plugin-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, nextTick, shallowRef } from 'vue'
import { createFileAccess } from './fileAccess'

const NOW = 1_800_000_000_000
const LIFE_MS = 900_000

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.unstubAllGlobals())

/** `statuses`: what the server answers when it is asked for a file, one after the other. */
function setUp(...statuses: number[]) {
  const user = shallowRef<SessionUser | undefined>({ id: 'me', name: 'Me' })
  const world = { user, asked: [] as string[], keys: 0 }
  const get = async () => ({ key: `key${++world.keys}`, expires_at: new Date(Date.now() + LIFE_MS).toISOString() })
  vi.stubGlobal('fetch', async (address: string) => (world.asked.push(address), { status: statuses.shift() }))
  const access = createFileAccess({ http: { get }, session: { user: computed(() => user.value) } } as unknown as Registry)
  return { world, access }
}

describe('the key of a room', () => {
  it('is fetched once for all that is shown of the room', async () => {
    const { access } = setUp()
    expect(await Promise.all([access.key('a'), access.key('a'), access.key('b')])).toEqual(['key1', 'key1', 'key2'])
  })

  it('is renewed before it expires', async () => {
    const { access } = setUp()
    await access.key('a')
    vi.setSystemTime(NOW + LIFE_MS - 61_000)
    expect(await access.key('a')).toBe('key1')
    vi.setSystemTime(NOW + LIFE_MS - 60_000)
    expect(await access.key('a')).toBe('key2')
  })

  it('is not the next guest\'s', async () => {
    const { access, world } = setUp()
    await access.key('a')
    world.user.value = { id: 'you', name: 'You' }
    await nextTick()
    expect(await access.key('a')).toBe('key2')
  })
})

describe('finding a file', () => {
  it('tells its address', async () => {
    const { access } = setUp(200)
    expect(await access.find('a', 'file_1')).toBe('/api/files/file_1?key=key1')
  })

  it('takes a new key where the old one is refused', async () => {
    const { access, world } = setUp(401, 200)
    expect(await access.find('a', 'file_1')).toBe('/api/files/file_1?key=key2')
    expect(world.asked).toHaveLength(2)
  })

  it('remembers that it is gone', async () => {
    const { access } = setUp(404)
    expect(access.isGone('file_1')).toBe(false)
    expect(await access.find('a', 'file_1')).toBeUndefined()
    expect(access.isGone('file_1')).toBe(true)
  })
})
