import type { AttachedFile } from '@webapp/plugin-api'
import type { SendAnswer } from './outbox'
import type { OutboxItem, OutboxKeeper } from './outboxKeeper'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChatError } from '@webapp/plugin-api'
import { Outbox } from './outbox'

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)
function error(kind: ChatError['kind'], code = 'messages.x', details = {}) {
  return new ChatError({ kind, code, message: '', details, trace_id: '' })
}
function item(clientId: string, more: Partial<OutboxItem> = {}): OutboxItem {
  return { clientId, author: 'me', room: 'a', text: clientId, createdAt: `2026-11-25T09:41:0${clientId.length}Z`, after: 0, state: 'waiting', ...more }
}

/** An outbox, what it keeps, and a server that answers when the test says so. */
function setUp(kept: OutboxItem[] = []) {
  const disk = new Map(kept.map(entry => [entry.clientId, entry]))
  const keeper: OutboxKeeper = {
    load: async () => [...disk.values()],
    put: async entry => void disk.set(entry.clientId, entry),
    remove: async clientId => void disk.delete(clientId),
  }
  const calls: { clientId: string, resolve: (answer: SendAnswer) => void, reject: (error: Error) => void }[] = []
  const uploads: { ids: readonly string[], resolve: (files: AttachedFile[]) => void, reject: (error: Error) => void }[] = []
  const world = { disk, calls, uploads, isConnected: true, sent: [] as string[], outbox: undefined as unknown as Outbox }
  world.outbox = new Outbox({
    keeper,
    send: ({ clientId }) => new Promise((resolve, reject) => calls.push({ clientId, resolve, reject })),
    upload: ids => new Promise((resolve, reject) => uploads.push({ ids, resolve, reject })),
    onSent: ({ clientId }) => world.sent.push(clientId),
    isConnected: () => world.isConnected,
  })
  return world
}
const states = ({ outbox }: { outbox: Outbox }) => outbox.items.value.map(({ clientId, state }) => [clientId, state])
const answer = (seq: number): SendAnswer => ({ seq, created_at: '2026-11-25T09:41:00.000Z' })

describe('sending', () => {
  it('sends the messages of a room one after the other', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.outbox.add(item('22'))
    expect(world.calls.map(call => call.clientId)).toEqual(['1'])
    world.calls[0]!.resolve(answer(7))
    await settle()
    expect(world.calls.map(call => call.clientId)).toEqual(['1', '22'])
    expect(world.sent).toEqual(['1'])
    expect([...world.disk.keys()]).toEqual(['22'])
  })

  it('does not let one room wait for another', () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.outbox.add(item('22', { room: 'b' }))
    expect(world.calls.map(call => call.clientId)).toEqual(['1', '22'])
  })

  it('waits for a connection and sends at the next one', () => {
    const world = setUp()
    world.isConnected = false
    world.outbox.add(item('1'))
    expect(world.calls).toEqual([])
    world.isConnected = true
    world.outbox.flush()
    expect(world.calls).toHaveLength(1)
  })

  it('sends again under the same client id after a lost connection', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.isConnected = false
    world.calls[0]!.reject(error('unavailable', 'webapp.connection_lost'))
    await settle()
    expect(states(world)).toEqual([['1', 'waiting']])
    world.isConnected = true
    world.outbox.flush()
    expect(world.calls.map(call => call.clientId)).toEqual(['1', '1'])
  })
})

describe('refusals', () => {
  it('mark the message and let the ones behind it pass', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.outbox.add(item('22'))
    world.calls[0]!.reject(error('invalid_input'))
    await settle()
    expect(states(world)).toEqual([['1', 'failed'], ['22', 'sending']])
  })

  it('can be tried again, or taken back', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.calls[0]!.reject(error('forbidden'))
    await settle()
    world.outbox.retry('1')
    expect(states(world)).toEqual([['1', 'sending']])
    world.calls[1]!.reject(error('forbidden'))
    await settle()
    expect(world.outbox.remove('1')?.text).toBe('1')
    expect(world.disk.size).toBe(0)
  })

  it('of too many at once keep the text and its place until the server takes it', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    world.outbox.add(item('22'))
    world.calls[0]!.reject(error('rate_limited', 'core.rate_limited', { retry_after_s: 12 }))
    await settle()
    expect(world.outbox.items.value[0]).toMatchObject({ state: 'waiting', retryAt: Date.now() + 12_000 })
    await vi.advanceTimersByTimeAsync(11_000)
    expect(world.calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2000)
    expect(world.calls.map(call => call.clientId)).toEqual(['1', '1'])
  })

  it('for a passing reason are tried again at growing intervals', async () => {
    const world = setUp()
    world.outbox.add(item('1'))
    for (const [tries, waitMs] of [[1, 2000], [2, 4000], [3, 8000]] as const) {
      world.calls[tries - 1]!.reject(error('unavailable'))
      await vi.advanceTimersByTimeAsync(waitMs - 100)
      expect(world.calls).toHaveLength(tries)
      await vi.advanceTimersByTimeAsync(200)
      expect(world.calls).toHaveLength(tries + 1)
    }
  })
})

describe('with files', () => {
  const photo: AttachedFile = { id: 'file_1', name: 'a.png', size: 3, type: 'image/png' }

  it('waits for their upload and lets texts pass meanwhile', async () => {
    const world = setUp()
    world.outbox.add(item('1', { uploads: ['u'] }))
    world.outbox.add(item('22'))
    expect(world.calls.map(call => call.clientId)).toEqual(['22'])
    world.uploads[0]!.resolve([photo])
    world.calls[0]!.resolve(answer(7))
    await settle()
    expect(world.calls.map(call => call.clientId)).toEqual(['22', '1'])
    expect(world.outbox.items.value[0]!.files).toEqual([photo])
  })

  it('fails with them, and tries them again', async () => {
    const world = setUp()
    world.outbox.add(item('1', { uploads: ['u'] }))
    world.uploads[0]!.reject(error('invalid_input', 'files.quota_exceeded'))
    await settle()
    expect(world.outbox.items.value[0]).toMatchObject({ state: 'failed', error: { code: 'files.quota_exceeded' } })
    world.outbox.retry('1')
    world.uploads[1]!.resolve([photo])
    await settle()
    expect(world.calls).toHaveLength(1)
  })

  it('goes on with them after a reload', async () => {
    const world = setUp([item('1', { uploads: ['u'] }), item('22', { uploads: ['v'], files: [photo] })])
    await world.outbox.restore('me')
    expect(world.uploads.map(({ ids }) => ids)).toEqual([['u']])
    expect(world.calls.map(call => call.clientId)).toEqual(['22'])
  })
})

describe('after a reload', () => {
  it('what was on its way goes out again under its client id', async () => {
    const world = setUp([item('1', { state: 'sending' }), item('22', { state: 'failed' })])
    await world.outbox.restore('me')
    expect(states(world)).toEqual([['1', 'sending'], ['22', 'failed']])
    expect(world.calls.map(call => call.clientId)).toEqual(['1'])
  })

  it('nobody sends what another guest wrote', async () => {
    const world = setUp([item('1', { author: 'somebody' })])
    await world.outbox.restore('me')
    expect(world.outbox.items.value).toEqual([])
    expect(world.disk.size).toBe(1)
  })

  it('keeps what was written before the disk had answered', async () => {
    const world = setUp([item('1')])
    world.isConnected = false
    const restoring = world.outbox.restore('me')
    world.outbox.add(item('22'))
    await restoring
    expect(world.outbox.items.value.map(({ clientId }) => clientId)).toEqual(['1', '22'])
  })
})
