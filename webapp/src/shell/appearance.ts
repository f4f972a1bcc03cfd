/** Theme and language: as chosen here, else as the system and the browser say. */

import { computed, readonly, ref, watch } from 'vue'
import { usePreferredDark } from '@vueuse/core'
import { LANGUAGES } from '@webapp/plugin-api/locales'
import type { Appearance, Feedback, ThemeChoice } from '@webapp/plugin-api/context'
import type { Language } from '@webapp/plugin-api/locales'
import { storage } from '@webapp/plugin-api/storage'
import type { Texts } from './texts'

// The script in index.html reads the same names before the first paint.
const THEME_KEY = 'shell.theme'
const LANGUAGE_KEY = 'shell.language'

export function preferredLanguage(): Language {
  const wanted = [storage.get(LANGUAGE_KEY), ...navigator.languages].map(tag => tag?.slice(0, 2))
  return LANGUAGES.find(language => language === wanted.find(tag => LANGUAGES.includes(tag as Language))) ?? 'en'
}

export function createAppearance(texts: Texts, { snackbar }: Pick<Feedback, 'snackbar'>): Appearance {
  const stored = storage.get(THEME_KEY)
  const theme = ref<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system')
  const prefersDark = usePreferredDark()
  const isDark = computed(() => theme.value === 'system' ? prefersDark.value : theme.value === 'dark')

  watch(theme, value => storage.set(THEME_KEY, value))
  watch(isDark, (value) => {
    document.documentElement.dataset.theme = value ? 'dark' : 'light'
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', value ? '#0b0f0d' : '#e9efeb')
  }, { immediate: true })

  return {
    theme,
    isDark,
    language: readonly(texts.language),
    async setLanguage(language) {
      try {
        await texts.use(language)
        storage.set(LANGUAGE_KEY, language)
      }
      catch {
        // Its texts could not be fetched: the page stays in the language that it has.
        snackbar({ text: texts.i18n.global.t('shell.errors.offline'), isFailure: true })
      }
    },
  }
}
