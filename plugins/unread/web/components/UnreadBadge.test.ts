import { mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it } from 'vitest'
import { COUNTS, createCounts } from '../counts'
import texts from '../locales/en.json'
import UnreadBadge from './UnreadBadge.vue'

function setUp(unread: number, mentions = 0) {
  const counts = createCounts()
  counts.reset({ a: { last_seq: 200, unread, mentions, read_seq: 0 } })
  const { part } = mountPart(UnreadBadge, { props: { roomId: 'a' }, texts: { unread: texts }, services: [[COUNTS, counts]] })
  return { part, counts, shown: () => part.findAll('[aria-hidden]').map(badge => badge.text()) }
}

describe('the badge of a room', () => {
  it('is not there when everything is read', async () => {
    const { part, counts, shown } = setUp(2)
    expect(shown()).toEqual(['2'])
    counts.read('a', 200)
    await part.vm.$nextTick()
    expect(shown()).toEqual([])
  })

  it('shows mentions before, ends at 99, and reads as words', () => {
    const { part, shown } = setUp(150, 1)
    expect(shown()).toEqual(['@1', '99+'])
    expect(part.findAll('.hidden-text').map(words => words.text())).toEqual(['1 mention', '150 unread'])
  })
})
