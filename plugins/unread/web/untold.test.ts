import { createStorage } from '@webapp/plugin-api/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { computed } from 'vue'
import { createUntold } from './untold'

const storage = createStorage(() => localStorage)
const untoldOf = (id: string) => createUntold(storage, { user: computed(() => ({ id, name: 'Hana' })) })

beforeEach(() => localStorage.clear())

describe('what was read and is not told', () => {
  it('is kept for the next page of the same guest alone', () => {
    untoldOf('guest_a').add('r', 7)
    expect(untoldOf('guest_a').all()).toEqual([['r', 7]])
    expect(untoldOf('guest_b').all()).toEqual([])
  })

  it('stays when more was read than is confirmed', () => {
    const untold = untoldOf('guest_a')
    untold.add('r', 9)
    untold.remove('r', 7)
    expect(untold.all()).toEqual([['r', 9]])
    untold.remove('r', 9)
    expect(untold.all()).toEqual([])
    expect(localStorage).toHaveLength(0)
  })

  it('is nothing where something else was kept', () => {
    localStorage.setItem('unread.untold', '[1')
    expect(untoldOf('guest_a').all()).toEqual([])
  })
})
