import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createTelling, REPEAT_MS, STOP_AFTER_MS } from './telling'

type State = 'connected' | 'waiting'

function setUp(state: State = 'connected') {
  const sent: string[] = []
  const socket = {
    state: ref<State>(state),
    command: <R>(name: string) => (sent.push(name), Promise.resolve({} as R)),
  }
  return { sent, telling: createTelling(socket) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('telling that one writes', () => {
  it('costs one command in three seconds', () => {
    const { sent, telling } = setUp()
    for (let key = 0; key < 10; key++) {
      telling.wrote('a', 'h'.repeat(key + 1))
      vi.advanceTimersByTime(200)
    }
    expect(sent).toEqual(['typing.start'])
    vi.advanceTimersByTime(REPEAT_MS)
    telling.wrote('a', 'more')
    expect(sent).toEqual(['typing.start', 'typing.start'])
  })

  it('says when the text is gone again', () => {
    const { sent, telling } = setUp()
    telling.wrote('a', 'h')
    telling.wrote('a', '')
    vi.advanceTimersByTime(STOP_AFTER_MS)
    expect(sent).toEqual(['typing.start', 'typing.stop'])
  })

  it('leaves that to the message', () => {
    const { sent, telling } = setUp()
    telling.wrote('a', 'h')
    telling.wrote('a', '')
    telling.ended('a')
    vi.advanceTimersByTime(STOP_AFTER_MS)
    expect(sent).toEqual(['typing.start'])
    telling.wrote('a', 'next')
    expect(sent).toEqual(['typing.start', 'typing.start'])
  })

  it('keeps quiet without a connection', () => {
    const { sent, telling } = setUp('waiting')
    telling.wrote('a', 'h')
    expect(sent).toEqual([])
  })
})
