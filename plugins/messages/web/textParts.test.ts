import { describe, expect, it } from 'vitest'
import { mentions, readableText, textParts } from './textParts'

const urls = (text: string) => textParts(text).flatMap(part => part.url ?? [])

describe('text parts', () => {
  it.each(['', 'hello', 'see https://a.example/b?c=d#e, then (http://b.example/x). ok', 'a\nhttps://a.example\n'])('lose nothing of %j', (text) => {
    expect(textParts(text).map(part => part.text).join('')).toBe(text)
  })

  it('find addresses without the punctuation around them', () => {
    expect(urls('see https://a.example/b?c=d#e, then (http://b.example/x).')).toEqual(['https://a.example/b?c=d#e', 'http://b.example/x'])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'xhttps://a.example', 'https://', 'https://[x'])('find none in %j', (text) => {
    expect(urls(text)).toEqual([])
  })
})

const HANA = 'guest_06h16aa6ms2z17w00252'

describe('mentions', () => {
  it('are found by the id of a guest', () => {
    expect(textParts(`hi <@${HANA}>, see https://a.example`)).toEqual([
      { text: 'hi ' },
      { text: `<@${HANA}>`, user: HANA },
      { text: ', see ' },
      { text: 'https://a.example', url: 'https://a.example' },
    ])
  })

  it.each(['<@guest_short>', '<@room_06h16aa6ms2z17w00252>', `@${HANA}`])('are not found in %j', (text) => {
    expect(textParts(text)).toEqual([{ text }])
  })

  it('are read by name', () => {
    expect(readableText(`hi <@${HANA}>!`, () => 'Hana')).toBe('hi @Hana!')
    expect(readableText(`hi <@${HANA}>!`, () => undefined)).toBe('hi @…!')
  })

  it('tell whether it is about me', () => {
    expect(mentions(`hi <@${HANA}>`, HANA)).toBe(true)
    expect(mentions('hi', HANA)).toBe(false)
    expect(mentions('<@undefined>', undefined)).toBe(false)
  })
})
