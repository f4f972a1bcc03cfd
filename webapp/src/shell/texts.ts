/** The texts of the shell and of all plugins, one language loaded at a time. */

import { ref } from 'vue'
import type { Ref } from 'vue'
import { createI18n } from 'vue-i18n'
import type { I18n } from 'vue-i18n'
import type { Language, LocaleLoaders, Messages } from '@webapp/plugin-api/locales'

const SHELL: LocaleLoaders = {
  en: () => import('@webapp/locales/en.json'),
  ko: () => import('@webapp/locales/ko.json'),
}

export interface Texts {
  i18n: I18n<Record<string, unknown>, Record<string, unknown>, Record<string, unknown>, string, false>
  language: Ref<Language>
  /** Adds the texts of one owner; those of the language in use are there when it resolves. */
  add: (owner: string, loaders: LocaleLoaders) => Promise<void>
  use: (language: Language) => Promise<void>
}

export function createTexts(first: Language): Texts {
  const i18n = createI18n({ legacy: false, locale: first, missingWarn: false, fallbackWarn: false })
  const owners = new Map<string, LocaleLoaders>()
  const language = ref<Language>(first)

  async function load(owner: string, wanted: Language): Promise<void> {
    const { default: messages } = await owners.get(owner)![wanted]()
    const { getLocaleMessage, setLocaleMessage } = i18n.global
    setLocaleMessage(wanted, { ...getLocaleMessage(wanted), [owner]: messages } as Record<string, Messages>)
  }

  async function use(wanted: Language): Promise<void> {
    await Promise.all([...owners.keys()].map(owner => load(owner, wanted)))
    i18n.global.locale.value = wanted
    language.value = wanted
    document.documentElement.lang = wanted
  }

  owners.set('shell', SHELL)
  return {
    i18n: i18n as unknown as Texts['i18n'],
    language,
    use,
    add: async (owner, loaders) => {
      owners.set(owner, loaders)
      await load(owner, language.value)
    },
  }
}
