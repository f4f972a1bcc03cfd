/** A message in one line, for where there is no room for all of it. */
import type { Message } from './types'

/** Its text, or what it carries in place of one. */
export function gistOf({ text, files }: Pick<Message, 'text' | 'files'>): string {
  return text || (files ?? []).map(({ name }) => name).join(', ')
}
