import type { Message } from './types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useAnnouncer } from './announcer'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const told: string[] = []
  const scope = effectScope()
  const tell = scope.run(() => useAnnouncer({ announce: text => void told.push(text), describe: ({ text }) => text ?? '', count: count => `${count} new` }))!
  return { told, scope, tell: (text: string) => tell({ text } as Message) }
}

describe('the announcer', () => {
  it('reads a few messages out', async () => {
    const { told, tell } = setUp()
    tell('one')
    tell('two')
    await vi.advanceTimersByTimeAsync(3000)
    expect(told).toEqual(['one. two'])
  })

  it('only counts when there are many', async () => {
    const { told, tell } = setUp()
    for (const text of ['1', '2', '3', '4']) tell(text)
    await vi.advanceTimersByTimeAsync(3000)
    expect(told).toEqual(['4 new'])
  })

  it('is silent when the room has been left', async () => {
    const { told, scope, tell } = setUp()
    tell('one')
    scope.stop()
    await vi.advanceTimersByTimeAsync(3000)
    expect(told).toEqual([])
  })
})
