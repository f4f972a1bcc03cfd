import type { SessionUser } from '@webapp/plugin-api'
import { ChatError } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { computed } from 'vue'
import { createReactionBook } from './reactions'

function setUp() {
  const asked: { name: string, answer: (error?: Error) => void }[] = []
  const message = { seq: 5, author: 'ann', text: 'hi', version: 5, reactions: { '🎉': ['ann'] } }
  const book = createReactionBook({
    session: { user: computed((): SessionUser => ({ id: 'me', name: 'Me' })) },
    messages: () => ({ find: (_room, seq) => seq === 5 ? message : undefined }),
    socket: {
      command: <R>(name: string) => new Promise<R>((resolve, reject) => {
        asked.push({ name, answer: error => error ? reject(error) : resolve({} as R) })
      }),
    },
  })
  const shown = () => book.of('a', 5).map(({ emoji, users, isMine }) => `${emoji}${users.length}${isMine ? '!' : ''}`)
  return { book, asked, shown }
}
const refused = new ChatError({ kind: 'forbidden', code: 'reactions.too_many_kinds', message: '', details: {}, trace_id: '' })

describe('reacting', () => {
  it('shows at once, and stays when the notice has come', async () => {
    const { book, asked, shown } = setUp()
    const done = book.toggle('a', 5, '🎉')
    expect([asked[0]!.name, shown()]).toEqual(['reactions.add', ['🎉2!']])
    book.update({ room: 'a', seq: 6, target: 5, emoji: '🎉', users: ['ann', 'me'] })
    asked[0]!.answer()
    await done
    expect(shown()).toEqual(['🎉2!'])
  })

  it('takes back the one that was refused, and no other', async () => {
    const { book, asked, shown } = setUp()
    const refusedOne = book.toggle('a', 5, '🦔')
    const other = book.toggle('a', 5, '🎉')
    asked[0]!.answer(refused)
    await expect(refusedOne).rejects.toBe(refused)
    expect(shown()).toEqual(['🎉2!'])
    book.update({ room: 'a', seq: 6, target: 5, emoji: '🎉', users: ['ann', 'me'] })
    asked[1]!.answer()
    await other
    expect(shown()).toEqual(['🎉2!'])
  })

  it('removes on the second time', async () => {
    const { book, asked, shown } = setUp()
    book.update({ room: 'a', seq: 6, target: 5, emoji: '🎉', users: ['ann', 'me'] })
    void book.toggle('a', 5, '🎉')
    expect([asked[0]!.name, shown()]).toEqual(['reactions.remove', ['🎉1']])
  })

  it('follows entries in order, whatever comes twice', () => {
    const { book, shown } = setUp()
    book.update({ room: 'a', seq: 8, target: 5, emoji: '🎉', users: [] })
    book.update({ room: 'a', seq: 6, target: 5, emoji: '🎉', users: ['ann', 'bob'] })
    expect(shown()).toEqual([])
    expect(book.of('a', 6)).toEqual([])
  })
})
