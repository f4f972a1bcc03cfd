import type { Room } from './types'
import { ChatError } from '@webapp/plugin-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLeaving, UNDO_MS } from './leaving'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const room = { id: 'a', name: 'trail-crew' } as Room
const error = (kind: ChatError['kind']) => new ChatError({ kind, code: 'rooms.x', message: '', details: {}, trace_id: '' })

function setUp(command = vi.fn(async (): Promise<unknown> => ({}))) {
  const listed = new Set(['a'])
  const connects: (() => void)[] = []
  const socket = { command, onConnect: (handler: () => void) => (connects.push(handler), () => undefined) }
  const leaving = createLeaving(socket as never, { put: ({ id }) => void listed.add(id), remove: id => void listed.delete(id) })
  return { leaving, listed, command, connect: () => connects.forEach(handler => handler()) }
}

describe('leaving a room', () => {
  it('takes it off the list at once and tells the server later', async () => {
    const { leaving, listed, command } = setUp()
    leaving.leave(room)
    expect(listed.has('a')).toBe(false)
    await vi.advanceTimersByTimeAsync(UNDO_MS - 100)
    expect(command).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(command).toHaveBeenCalledExactlyOnceWith('rooms.leave', { room: 'a' })
  })

  it('can be undone', async () => {
    const { leaving, listed, command } = setUp()
    leaving.leave(room)()
    await vi.advanceTimersByTimeAsync(UNDO_MS * 2)
    expect(listed.has('a')).toBe(true)
    expect(command).not.toHaveBeenCalled()
  })

  it('is told at the next connect when there was none', async () => {
    const { leaving, listed, command, connect } = setUp(vi.fn().mockRejectedValueOnce(error('unavailable')).mockResolvedValue({}))
    leaving.leave(room)
    await vi.advanceTimersByTimeAsync(UNDO_MS + 1)
    connect()
    await vi.advanceTimersByTimeAsync(0)
    expect(command).toHaveBeenCalledTimes(2)
    expect(listed.has('a')).toBe(false)
  })

  it('brings the room back when the server refuses', async () => {
    const { leaving, listed } = setUp(vi.fn().mockRejectedValue(error('forbidden')))
    leaving.leave(room)
    await vi.advanceTimersByTimeAsync(UNDO_MS + 1)
    expect(listed.has('a')).toBe(true)
  })
})
