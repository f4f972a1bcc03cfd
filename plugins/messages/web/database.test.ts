import { afterEach, describe, expect, it, vi } from 'vitest'
import { openMessagesDatabase } from './database'
import { createMessageCache } from './messageCache'
import { createOutboxKeeper } from './outboxKeeper'

afterEach(() => void vi.unstubAllGlobals())

describe('a browser that refuses IndexedDB', () => {
  it('loses nothing but the keeping', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('no', 'SecurityError')
      },
    })
    const database = openMessagesDatabase()
    const keeper = createOutboxKeeper(database)
    await keeper.put({ clientId: 'x', author: 'me', room: 'a', text: 'x', createdAt: '2026-11-25T09:41:00Z', after: 0, state: 'waiting' })
    expect(await keeper.load()).toEqual([])
    expect(await createMessageCache(database).load('me', 'a')).toEqual([])
  })
})
