import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createAppearance, preferredLanguage } from './appearance'
import { createTexts } from './texts'
import { storage } from '@webapp/plugin-api/storage'

beforeEach(() => {
  localStorage.clear()
  delete document.documentElement.dataset.theme
})

const speaks = (...languages: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages)

describe('preferredLanguage', () => {
  it('is the browser’s first that there is', () => {
    speaks('fr-FR', 'ko-KR', 'en-US')
    expect(preferredLanguage()).toBe('ko')
  })

  it('is English where there is none of them', () => {
    speaks('fr-FR')
    expect(preferredLanguage()).toBe('en')
  })

  it('is the one that was chosen here, whatever the browser says', () => {
    speaks('en-US')
    storage.set('shell.language', 'ko')
    expect(preferredLanguage()).toBe('ko')
  })
})

describe('createAppearance', () => {
  it('follows the choice of theme, keeps it, and marks the page with it', async () => {
    const { theme, isDark } = createAppearance(createTexts('en'), { snackbar: vi.fn() })
    theme.value = 'dark'
    await nextTick()
    expect(isDark.value).toBe(true)
    expect(document.documentElement.dataset.theme).toBe('dark')
    expect(storage.get('shell.theme')).toBe('dark')
  })

  it('keeps the language and says so when the other one cannot be fetched', async () => {
    const snackbar = vi.fn()
    const texts = createTexts('en')
    await texts.add('broken', { en: async () => ({ default: {} }), ko: () => Promise.reject(new Error('offline')) })
    const { language, setLanguage } = createAppearance(texts, { snackbar })
    await setLanguage('ko')
    expect(language.value).toBe('en')
    expect(snackbar).toHaveBeenCalledOnce()
    expect(storage.get('shell.language')).toBeUndefined()
  })
})
