import { describe, expect, it } from 'vitest'
import { withBadge } from './titleBadge'

describe('the title', () => {
  it.each([
    ['trail-crew', 3, '(3) trail-crew'],
    ['(3) trail-crew', 4, '(4) trail-crew'],
    ['(99+) trail-crew', 0, 'trail-crew'],
    ['trail-crew', 100, '(99+) trail-crew'],
    ['(a) room', 0, '(a) room'],
  ])('%s with %i unread is %s', (title, count, badged) => {
    expect(withBadge(title, count)).toBe(badged)
  })
})
