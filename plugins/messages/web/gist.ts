/** A message in one line, for where there is no room for all of it. */
import type { Message } from './types'
import { readableText } from './textParts'

/** Its text with names in place of ids, or what it carries in place of one. */
export function gistOf({ text, files }: Pick<Message, 'text' | 'files'>, nameOf: (userId: string) => string | undefined): string {
  if (text) return readableText(text, nameOf)
  return (files ?? []).map(({ name }) => name).join(', ')
}
