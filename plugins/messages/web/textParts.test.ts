import { describe, expect, it } from 'vitest'
import { textParts } from './textParts'

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
