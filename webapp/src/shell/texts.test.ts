import { describe, expect, it, vi } from 'vitest'
import { createTexts } from './texts'

const loaders = () => ({
  en: vi.fn(async () => ({ default: { greet: () => 'Hello' } })),
  ko: vi.fn(async () => ({ default: { greet: () => '안녕하세요' } })),
})

describe('createTexts', () => {
  it('loads the language in use alone, under the id of its owner', async () => {
    const texts = createTexts('en')
    const greetings = loaders()
    await texts.add('greetings', greetings)
    expect(texts.i18n.global.t('greetings.greet')).toBe('Hello')
    expect(greetings.ko).not.toHaveBeenCalled()
  })

  it('changes the language of all owners at once, and the page’s', async () => {
    const texts = createTexts('en')
    await texts.add('greetings', loaders())
    await texts.use('ko')
    expect(texts.i18n.global.t('greetings.greet')).toBe('안녕하세요')
    expect(texts.i18n.global.t('shell.retry')).toBe('다시 시도')
    expect(document.documentElement.lang).toBe('ko')
  })

  it('stays with the language in use when the other one cannot be loaded', async () => {
    const texts = createTexts('en')
    await texts.add('greetings', { ...loaders(), ko: () => Promise.reject(new Error('offline')) })
    await expect(texts.use('ko')).rejects.toThrow('offline')
    expect(texts.language.value).toBe('en')
    expect(texts.i18n.global.t('greetings.greet')).toBe('Hello')
  })
})
