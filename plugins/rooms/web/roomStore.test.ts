import type { SessionUser } from '@webapp/plugin-api'
import type { Room } from './types'
import { ChatError } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { computed, nextTick, shallowRef } from 'vue'
import { createRoomStore } from './roomStore'

const room = (id: string, more: Partial<Room> = {}) => ({ id, name: `name of ${id}`, created_by: 'me', member_count: 1, ...more }) as Room
const settle = () => new Promise(resolve => setTimeout(resolve))

function setUp(pages: Room[][] | Error) {
  const kept = new Map<string, string>()
  const user = shallowRef<SessionUser | undefined>({ id: 'me', name: 'Me' })
  const world = { kept, user, pages }
  const http = {
    async page<T>(_path: string, options?: { query?: { cursor?: unknown } }) {
      if (world.pages instanceof Error) throw world.pages
      const at = Number(options?.query?.cursor ?? 0)
      return { data: world.pages[at] as T, cursor: at + 1 < world.pages.length ? String(at + 1) : undefined, headers: new Headers() }
    },
  }
  const storage = { get: (name: string) => kept.get(name), set: (name: string, value: string) => void kept.set(name, value), remove: (name: string) => void kept.delete(name), isKept: true }
  return { ...world, world, open: () => createRoomStore({ http, session: { user: computed(() => user.value) }, storage }) }
}
const ids = (store: ReturnType<typeof createRoomStore>) => store.rooms.value?.map(({ id }) => id)
const down = new ChatError({ kind: 'unavailable', code: 'webapp.offline', message: '', details: {}, trace_id: '' })

describe('the list of rooms', () => {
  it('holds all pages', async () => {
    const store = setUp([[room('a')], [room('b')]]).open()
    await settle()
    expect(ids(store)).toEqual(['a', 'b'])
  })

  it('is there without a connection if it was there before', async () => {
    const { open, world } = setUp([[room('a')]])
    open()
    await settle()
    world.pages = down
    const store = open()
    expect(ids(store)).toEqual(['a'])
    await settle()
    expect(store.error.value?.code).toBe('webapp.offline')
    expect(ids(store)).toEqual(['a'])
  })

  it('is not shown to the next guest', async () => {
    const { open, world, user } = setUp([[room('a')]])
    const store = open()
    await settle()
    world.pages = down
    user.value = { id: 'other', name: 'Other' }
    await nextTick()
    expect(store.rooms.value).toBeUndefined()
  })

  it('changes by notices', async () => {
    const store = setUp([[room('a'), room('b')]]).open()
    await settle()
    store.patch('a', { name: 'new' })
    store.put(room('c'))
    store.remove('b')
    expect(store.rooms.value?.map(({ name }) => name)).toEqual(['name of c', 'new'])
    expect(store.find('a')).toEqual({ id: 'a', name: 'new', createdBy: 'me' })
  })
})
