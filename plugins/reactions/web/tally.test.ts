import type { TallySource } from './tally'
import { describe, expect, it } from 'vitest'
import { tally } from './tally'

const source = (given: Partial<TallySource>): TallySource =>
  ({ reactions: undefined, version: 5, told: new Map(), pending: new Map(), me: 'me', ...given })
const shown = (given: Partial<TallySource>) => tally(source(given)).map(({ emoji, users, isMine }) => [emoji, users.length, isMine])

describe('the tally', () => {
  it('is what the message carries', () => {
    expect(shown({ reactions: { '🎉': ['ann', 'me'], '🦔': ['ann'] } })).toEqual([['🎉', 2, true], ['🦔', 1, false]])
    expect(shown({})).toEqual([])
  })

  it('follows later entries, and no earlier ones', () => {
    const reactions = { '🎉': ['ann'] }
    expect(shown({ reactions, told: new Map([['🎉', { seq: 6, users: ['ann', 'bob'] }]]) })).toEqual([['🎉', 2, false]])
    expect(shown({ reactions, told: new Map([['🎉', { seq: 6, users: [] }]]) })).toEqual([])
    expect(shown({ reactions, told: new Map([['🎉', { seq: 4, users: [] }]]) })).toEqual([['🎉', 1, false]])
  })

  it('shows one\'s own at once, both ways', () => {
    const reactions = { '🎉': ['ann', 'me'] }
    expect(shown({ reactions, pending: new Map([['🎉', false], ['🦔', true]]) })).toEqual([['🎉', 1, false], ['🦔', 1, true]])
    expect(shown({ reactions, pending: new Map([['🎉', true]]) })).toEqual([['🎉', 2, true]])
  })
})
