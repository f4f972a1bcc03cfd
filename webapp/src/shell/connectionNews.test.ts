import { createApp, effectScope, ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useConnectionNews } from './connectionNews'
import { SHELL } from '@webapp/plugin-api/context'
import type { Shell } from '@webapp/plugin-api/context'
import type { ConnectionState } from '@webapp/plugin-api/socket'

const state = ref<ConnectionState>('connected')
const nextTryAt = ref<Date>()
const scope = () => effectScope()
let current = scope()

function start() {
  const app = createApp({}).provide(SHELL, { socket: { state, nextTryAt } } as unknown as Shell)
  return current.run(() => app.runWithContext(useConnectionNews))!
}
const become = async (next: ConnectionState, afterMs = 0) => {
  state.value = next
  await vi.advanceTimersByTimeAsync(afterMs)
}

beforeEach(() => {
  vi.useFakeTimers()
  state.value = 'connected'
  current = scope()
})
afterEach(() => {
  current.stop()
  vi.useRealTimers()
})

describe('useConnectionNews', () => {
  it('says nothing of a break that lasts less than 5 s', async () => {
    const { news } = start()
    await become('waiting', 2_000)
    await become('connecting', 2_900)
    expect(news.value).toBeUndefined()
    await become('connected', 10_000)
    expect(news.value).toBeUndefined()
  })

  it('tells of a longer one until it is over, and for 3 s that it is', async () => {
    const { news } = start()
    await become('waiting', 3_000)
    await become('connecting', 2_100)
    expect(news.value).toBe('offline')
    await become('connected', 2_900)
    expect(news.value).toBe('online')
    await vi.advanceTimersByTimeAsync(200)
    expect(news.value).toBeUndefined()
  })

  it('counts the seconds to the next try', async () => {
    const { secondsLeft } = start()
    nextTryAt.value = new Date(Date.now() + 8_000)
    await become('waiting', 3_000)
    expect(secondsLeft.value).toBe(5)
  })

  it('is silent about the end of a connection that nobody needs any more', async () => {
    const { news } = start()
    await become('waiting', 6_000)
    await become('signed-out', 0)
    expect(news.value).toBeUndefined()
  })
})
