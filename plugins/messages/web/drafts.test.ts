import type { SessionUser } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { computed, nextTick, shallowRef } from 'vue'
import { createDrafts } from './drafts'

function setUp() {
  const kept = new Map<string, string>()
  const user = shallowRef<SessionUser | undefined>({ id: 'guest_a', name: 'A' })
  const storage = { get: (name: string) => kept.get(name), set: (name: string, value: string) => void kept.set(name, value), remove: (name: string) => void kept.delete(name), isKept: true }
  return { kept, user, open: () => createDrafts(storage, { user: computed(() => user.value) }) }
}

describe('drafts', () => {
  it('are kept by room, over a reload', () => {
    const world = setUp()
    world.open().set('a', { text: 'hal', replyTo: 4 })
    const again = world.open()
    expect(again.get('a')).toEqual({ text: 'hal', replyTo: 4 })
    expect(again.get('b')).toEqual({ text: '' })
  })

  it('are gone when they are sent', () => {
    const world = setUp()
    world.open().set('a', { text: 'hal' })
    world.open().set('a', { text: '' })
    expect(world.open().get('a')).toEqual({ text: '' })
  })

  it('are not shown to the next guest', async () => {
    const world = setUp()
    const drafts = world.open()
    drafts.set('a', { text: 'hal' })
    world.user.value = { id: 'guest_b', name: 'B' }
    await nextTick()
    expect(drafts.get('a')).toEqual({ text: '' })
  })

  it('do without what cannot be read', () => {
    const world = setUp()
    world.kept.set('messages.drafts', '{')
    expect(world.open().get('a')).toEqual({ text: '' })
  })
})
