/** The emoji to choose from, with the words by which people look for them; made from emojibase-data (MIT) by CLDR's names. */
import type { Language } from '@webapp/plugin-api'

/** `emoji words`, in groups as keyboards have them. */
export type EmojiList = readonly (readonly string[])[]

const LISTS: Record<Language, () => Promise<{ default: EmojiList }>> = {
  en: () => import('./emoji/en.json'),
  ko: () => import('./emoji/ko.json'),
}

export async function loadEmoji(language: Language): Promise<EmojiList> {
  return (await LISTS[language]()).default
}

export const emojiOf = (entry: string): string => entry.slice(0, entry.indexOf(' '))
export const nameOf = (entry: string): string => entry.slice(entry.indexOf(' ') + 1)

/** Returns the groups with what has every one of the words; groups without any are empty. */
export function search(list: EmojiList, query: string): EmojiList {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return list
  return list.map(group => group.filter((entry) => {
    const text = entry.toLocaleLowerCase()
    return words.every(word => text.includes(word))
  }))
}
