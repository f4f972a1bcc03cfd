import { describe, expect, it } from 'vitest'
import { decodeMentions, encodeMentions, matches, mentionAt } from './mentions'

const MINA = 'guest_06h16aa6ms2z17w00252'
const PARK = 'guest_06h16aa6ms2z17w00253'
const nameOf = (id: string) => ({ [MINA]: 'Mina', [PARK]: 'Mina Park' })[id]

describe('a mention that is being written', () => {
  it.each([
    ['@', 1, ''],
    ['hi @mi', 6, 'mi'],
    ['hi @Mina Pa', 11, 'Mina Pa'],
    ['(@하', 3, '하'],
  ])('is found in %j', (text, caret, words) => {
    expect(mentionAt(text, caret)?.words).toBe(words)
  })

  it.each([['me@home.example', 15], ['hi', 2], ['@mi\nna', 6], ['hi @mi', 2]])('is not found in %j at %i', (text, caret) => {
    expect(mentionAt(text, caret)).toBeUndefined()
  })

  it('is matched by the beginning of each word of a name', () => {
    expect(['mi', 'park', 'Mina P', ''].every(words => matches('Mina Park', words))).toBe(true)
    expect(matches('Mina Park', 'ina')).toBe(false)
  })
})

describe('a finished mention', () => {
  it('is sent by id, the longest name first', () => {
    expect(encodeMentions('@Mina Park and @Mina, @Lena', [['Mina', MINA], ['Mina Park', PARK]])).toBe(`<@${PARK}> and <@${MINA}>, @Lena`)
  })

  it('is a name again when the text is written on', () => {
    const { text, people } = decodeMentions(`hi <@${PARK}>, <@${MINA}>`, nameOf)
    expect(text).toBe('hi @Mina Park, @Mina')
    expect(encodeMentions(text, people)).toBe(`hi <@${PARK}>, <@${MINA}>`)
  })

  it('stays an id while the name is not known', () => {
    expect(decodeMentions(`hi <@${MINA}>`, () => undefined)).toEqual({ text: `hi <@${MINA}>`, people: [] })
  })
})
