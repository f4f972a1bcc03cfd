import type { Message } from './types'
import type { Page } from '@webapp/plugin-api'
import { ChatError } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { Conversation, PAGE_SIZE } from './conversation'

const message = (seq: number): Message => ({ room: 'a', seq, author: 'me', text: `${seq}`, created_at: '2026-11-25T09:41:00.000Z' })
const messages = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(to - index))
const settle = () => new Promise(resolve => setTimeout(resolve))

/** A conversation whose pages the test answers. */
function setUp() {
  const asked: { query: unknown, answer: (data: Message[], cursor?: string) => Promise<unknown>, refuse: (error: Error) => Promise<unknown> }[] = []
  const world = { asked, lastSeq: 0, conversation: undefined as unknown as Conversation }
  world.conversation = new Conversation('a', {
    lastSeq: () => world.lastSeq,
    http: {
      page: <T>(_path: string, options?: { query?: unknown }) => new Promise<Page<T>>((resolve, reject) => {
        asked.push({
          query: options?.query,
          answer: (data, cursor) => (resolve({ data: data as T, cursor, headers: new Headers() }), settle()),
          refuse: error => (reject(error), settle()),
        })
      }),
    },
  })
  return world
}
const seqs = ({ conversation }: { conversation: Conversation }) => conversation.timeline.value.messages.map(({ seq }) => seq)
const unavailable = new ChatError({ kind: 'unavailable', code: 'webapp.offline', message: '', details: {}, trace_id: '' })

describe('loading', () => {
  it('goes back page by page to the start', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(3, 4), '3')
    void world.conversation.loadOlder()
    await world.asked[1]!.answer(messages(1, 2))
    expect(world.asked.map(({ query }) => query)).toEqual([{ limit: PAGE_SIZE }, { before: 3, limit: PAGE_SIZE }])
    expect(seqs(world)).toEqual([1, 2, 3, 4])
    void world.conversation.loadOlder()
    expect(world.asked).toHaveLength(2)
  })

  it('has one page in flight at a time', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(3, 4), '3')
    void world.conversation.loadOlder()
    void world.conversation.loadOlder()
    expect(world.asked).toHaveLength(2)
  })

  it('forgets a page beside a window that is being loaded anew', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(30, 31), '30')
    void world.conversation.loadOlder()
    void world.conversation.loadAround(5)
    await world.asked[1]!.answer(messages(28, 29), '28')
    await world.asked[2]!.answer(messages(4, 6), '4')
    expect(seqs(world)).toEqual([4, 5, 6])
    expect(world.conversation.loading.value).toBeUndefined()
  })

  it('goes on towards the end until a page is not full', async () => {
    const world = setUp()
    void world.conversation.loadAround(2)
    await world.asked[0]!.answer(messages(1, 3))
    void world.conversation.loadNewer()
    await world.asked[1]!.answer(messages(4, 3 + PAGE_SIZE))
    expect(world.conversation.timeline.value.hasNewer).toBe(true)
    void world.conversation.loadNewer()
    await world.asked[2]!.answer([])
    expect(world.conversation.timeline.value.hasNewer).toBe(false)
  })

  it('does not miss the first message of a room, which came while the empty page was on its way', async () => {
    const world = setUp()
    world.lastSeq = 2
    void world.conversation.loadLatest()
    world.lastSeq = 3
    world.conversation.apply(['messages.created', message(3)])
    await world.asked[0]!.answer([])
    await world.asked[1]!.answer([message(3)])
    expect(seqs(world)).toEqual([3])
    expect(world.conversation.timeline.value.hasNewer).toBe(false)
  })

  it('keeps what is shown when it fails, and says why', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(3, 4), '3')
    void world.conversation.loadOlder()
    await world.asked[1]!.refuse(unavailable)
    expect(seqs(world)).toEqual([3, 4])
    expect(world.conversation.error.value?.code).toBe('webapp.offline')
  })

  it('anew stays where somebody is reading', () => {
    const world = setUp()
    world.conversation.firstVisible = 70
    void world.conversation.reload()
    expect(world.asked[0]!.query).toEqual({ around: 70, limit: PAGE_SIZE })
  })
})

describe('live messages', () => {
  it('follow a window that reaches the end', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(1, 2))
    world.conversation.apply(['messages.created', message(3)])
    expect(seqs(world)).toEqual([1, 2, 3])
  })

  it('let the oldest go when there are too many, unless somebody is reading them', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(1, 1200))
    world.conversation.firstVisible = 10
    world.conversation.apply(['messages.created', message(1201)])
    expect(seqs(world)).toHaveLength(1201)
    world.conversation.firstVisible = undefined
    world.conversation.apply(['messages.created', message(1202)])
    expect(seqs(world)).toHaveLength(600)
    expect(seqs(world).at(-1)).toBe(1202)
  })
})

describe('what an earlier visit left', () => {
  it('is shown until the server has answered', async () => {
    const world = setUp()
    world.conversation.restore([message(1), message(2)])
    expect(seqs(world)).toEqual([1, 2])
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(8, 9), '8')
    expect(seqs(world)).toEqual([8, 9])
  })

  it('comes too late after the server', async () => {
    const world = setUp()
    void world.conversation.loadLatest()
    await world.asked[0]!.answer(messages(8, 9), '8')
    world.conversation.restore([message(1)])
    expect(seqs(world)).toEqual([8, 9])
  })
})
