import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { AWAY_AFTER_MS, followAttention } from './attention'

function setUp() {
  const said: string[] = []
  let connect = (): void => undefined
  followAttention({
    state: ref<'connected'>('connected'),
    command: <R>(_name: string, payload: object) => (said.push((payload as { state: string }).state), Promise.resolve({} as R)),
    onConnect: handler => (connect = () => handler({ again: true }), () => undefined),
  })
  return { said, connect: () => connect() }
}

function show(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('being away', () => {
  it('begins when the page has been hidden for five minutes', () => {
    const { said } = setUp()
    show('hidden')
    vi.advanceTimersByTime(AWAY_AFTER_MS - 1)
    expect(said).toEqual([])
    vi.advanceTimersByTime(1)
    expect(said).toEqual(['away'])
    show('visible')
    expect(said).toEqual(['away', 'online'])
  })

  it('does not begin for a look at another page', () => {
    const { said } = setUp()
    show('hidden')
    vi.advanceTimersByTime(1000)
    show('visible')
    vi.advanceTimersByTime(AWAY_AFTER_MS)
    expect(said).toEqual([])
  })

  it('outlives a reconnect', () => {
    const { said, connect } = setUp()
    show('hidden')
    vi.advanceTimersByTime(AWAY_AFTER_MS)
    connect()
    expect(said).toEqual(['away', 'away'])
  })
})
