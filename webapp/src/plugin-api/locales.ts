/** Languages of the page; texts are loaded one language at a time. */

export const LANGUAGES = ['en', 'ko'] as const
export type Language = typeof LANGUAGES[number]

/** Nested texts, compiled at build. */
export type Messages = Record<string, unknown>
export type LocaleLoaders = Record<Language, () => Promise<{ default: Messages }>>
