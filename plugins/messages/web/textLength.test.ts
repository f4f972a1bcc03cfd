import { describe, expect, it } from 'vitest'
import { isSendable, lengthToTell } from './textLength'

describe('the length of a text', () => {
  it('counts people\'s characters as the server does', () => {
    expect(isSendable('🦔'.repeat(4000))).toBe(true)
    expect(isSendable('🦔'.repeat(4001))).toBe(false)
  })

  it.each(['', '  \n '])('refuses %j, which says nothing', text => expect(isSendable(text)).toBe(false))

  it('is told from nine tenths of the limit', () => {
    expect(lengthToTell('a'.repeat(3599))).toBeUndefined()
    expect(lengthToTell('a'.repeat(3600))).toBe(3600)
  })
})
