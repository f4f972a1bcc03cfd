import { describe, expect, it } from 'vitest'
import { emojiOf, loadEmoji, nameOf, search } from './emojiSearch'

describe('the emoji to choose from', () => {
  it.each(['en', 'ko'] as const)('are the same in every language: %s', async (language) => {
    const list = await loadEmoji(language)
    const english = await loadEmoji('en')
    expect(list.map(group => group.map(emojiOf))).toEqual(english.map(group => group.map(emojiOf)))
    expect(list.flat().every(entry => nameOf(entry).length > 0)).toBe(true)
    expect(list.flat().length).toBeGreaterThan(1800)
  })

  it('are found by parts of words, in any case', async () => {
    expect(search(await loadEmoji('en'), 'HEDGE').flat().map(emojiOf)).toEqual(['🦔'])
    expect(search(await loadEmoji('ko'), '고슴도치').flat().map(emojiOf)).toEqual(['🦔'])
    expect(search(await loadEmoji('en'), 'red heart').flat().map(emojiOf)).toContain('❤️')
    expect(search(await loadEmoji('en'), 'qqq').flat()).toEqual([])
  })
})
