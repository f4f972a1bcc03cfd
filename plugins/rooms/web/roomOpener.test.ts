import type { LogOpened, Missed, Socket } from '@webapp/plugin-api'
import type { Entry } from './types'
import { ChatError } from '@webapp/plugin-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { createRoomOpener } from './roomOpener'

interface Call { name: string, payload: Record<string, unknown>, answer: (data: unknown) => Promise<void>, refuse: (error: Error) => Promise<void> }

/** The page's socket with the server's part in the hands of the test. */
function setUp() {
  const state = shallowRef<'connected' | 'waiting'>('connected')
  const calls: Call[] = []
  const connects: (() => void)[] = []
  const gates: ((event: string, payload: unknown) => boolean)[] = []
  const heard: number[] = []
  const opened: LogOpened[] = []
  const settle = async (): Promise<void> => void await vi.advanceTimersByTimeAsync(0)
  const socket = {
    state,
    command: (name: string, payload: Record<string, unknown>) => new Promise((resolve, reject) => {
      calls.push({ name, payload, answer: data => (resolve(data), settle()), refuse: error => (reject(error), settle()) })
    }),
    onConnect: (handler: () => void) => connects.push(handler),
    gate: (take: (event: string, payload: unknown) => boolean) => gates.push(take),
    replay: (entries: Entry[]) => heard.push(...entries.map(([, { seq }]) => seq)),
  } as unknown as Socket
  const opener = createRoomOpener(socket)
  opener.log.onOpened(event => void opened.push(event))
  return {
    opener,
    calls,
    heard,
    opened,
    live: (seq: number, room = 'a') => gates.some(take => take('messages.created', { room, seq })),
    joins: () => calls.filter(call => call.name === 'rooms.join').map(call => call.payload),
    lose: () => void (state.value = 'waiting'),
    reconnect: () => {
      state.value = 'connected'
      connects.forEach(handler => handler())
    },
  }
}
const entries = (...seqs: number[]): Entry[] => seqs.map(seq => ['messages.created', { room: 'a', seq }])
const answer = (last_seq: number, more: Partial<Missed> = {}) => ({ room: { id: 'a' }, last_seq, ...more })
const error = (kind: ChatError['kind']) => new ChatError({ kind, code: 'rooms.x', message: '', details: {}, trace_id: '' })

async function opened(lastSeq = 5) {
  const world = setUp()
  world.opener.open('a')
  await world.calls[0]!.answer(answer(lastSeq))
  return world
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('opening a room', () => {
  it('follows the log from where the server says', async () => {
    const world = await opened()
    expect(world.joins()).toEqual([{ room: 'a' }])
    expect(world.opened).toEqual([{ roomId: 'a', lastSeq: 5, isReload: true }])
    world.live(6)
    expect(world.heard).toEqual([6])
  })

  it('hands out what comes in before the answer after it, once', async () => {
    const world = setUp()
    world.opener.open('a')
    world.live(6)
    world.live(5)
    await world.calls[0]!.answer(answer(5))
    expect(world.heard).toEqual([6])
  })

  it('ignores the answer for a room that was left meanwhile', async () => {
    const world = setUp()
    world.opener.open('a')
    world.opener.open('b')
    world.opener.open('a')
    await world.calls[0]!.answer(answer(3))
    expect(world.opener.current.value?.room).toBeUndefined()
    await world.calls.at(-1)!.answer(answer(9))
    expect(world.opened).toEqual([{ roomId: 'a', lastSeq: 9, isReload: true }])
  })

  it('says why a room cannot be opened, and can try again', async () => {
    const world = setUp()
    world.opener.open('a')
    await world.calls[0]!.refuse(error('not_found'))
    expect(world.opener.current.value?.error?.kind).toBe('not_found')
    world.opener.reopen()
    await world.calls[1]!.answer(answer(5))
    expect(world.opener.current.value).toMatchObject({ id: 'a', room: { id: 'a' } })
  })

  it('tries again by itself when the server is busy', async () => {
    const world = setUp()
    world.opener.open('a')
    await world.calls[0]!.refuse(error('unavailable'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(world.joins()).toHaveLength(2)
  })

  it('ends the notices when the room is left, and comes back for what was missed', async () => {
    const world = await opened()
    world.opener.close('a')
    expect(world.calls.at(-1)).toMatchObject({ name: 'rooms.close', payload: { room: 'a' } })
    world.opener.open('a')
    await world.calls.at(-1)!.answer(answer(7, { entries: entries(6, 7) }))
    expect(world.joins().at(-1)).toEqual({ room: 'a', after: 5 })
    expect(world.heard).toEqual([6, 7])
    expect(world.opened.at(-1)?.isReload).toBe(false)
  })
})

describe('a reconnect', () => {
  it('asks for what came after the last entry and hands it out before live ones', async () => {
    const world = await opened()
    world.lose()
    world.reconnect()
    expect(world.joins().at(-1)).toEqual({ room: 'a', after: 5 })
    world.live(8)
    await world.calls.at(-1)!.answer(answer(7, { entries: entries(6, 7) }))
    expect(world.heard).toEqual([6, 7, 8])
  })

  it('starts anew when too much was missed', async () => {
    const world = await opened()
    world.lose()
    world.reconnect()
    await world.calls.at(-1)!.answer(answer(900, { entries: [], reload: true }))
    expect(world.opened.at(-1)).toEqual({ roomId: 'a', lastSeq: 900, isReload: true })
    world.live(901)
    expect(world.heard).toEqual([901])
  })
})

describe('a hole', () => {
  it('is filled from the server, in order', async () => {
    const world = await opened()
    world.opener.log.syncWith(async (_room, after) => ({ last_seq: 8, entries: entries(...[6, 7, 8].filter(seq => seq > after)) }))
    world.live(8)
    expect(world.heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(world.heard).toEqual([6, 7, 8])
  })

  it('is none when an own message closes it', async () => {
    const world = await opened()
    const fetchMissed = vi.fn(async () => ({ last_seq: 7, entries: [] }))
    world.opener.log.syncWith(fetchMissed)
    world.live(7)
    world.opener.log.receive('a', entries(6))
    expect(world.heard).toEqual([6, 7])
  })

  it('is asked for again while the server is busy', async () => {
    const world = await opened()
    const fetchMissed = vi.fn().mockRejectedValueOnce(error('unavailable')).mockResolvedValue({ last_seq: 7, entries: entries(6) })
    world.opener.log.syncWith(fetchMissed)
    world.live(7)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(world.heard).toEqual([6, 7])
  })

  it('of more than one answer is fetched to its end', async () => {
    const world = await opened()
    world.opener.log.syncWith(async (_room, after) => ({ last_seq: 9, entries: entries(after + 1, after + 2) }))
    world.live(9)
    await vi.advanceTimersByTimeAsync(2000)
    expect(world.heard).toEqual([6, 7, 8, 9])
  })
})

describe('a lost room', () => {
  it('is followed no longer, and its place in the log is forgotten', async () => {
    const world = await opened()
    world.opener.lose('a', error('not_found'))
    expect(world.live(6)).toBe(false)
    world.opener.reopen()
    expect(world.joins().at(-1)).toEqual({ room: 'a' })
  })
})
