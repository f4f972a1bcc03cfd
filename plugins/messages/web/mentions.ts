/** Mentions while they are being written: `@name` in the field, `<@id>` in the message. */
import { readableText, textParts } from './textParts'

/** Whom a name in a text means. */
export type People = readonly (readonly [name: string, id: string])[]

export interface MentionQuery {
  /** Where the `@` stands. */
  start: number
  /** What has been written after it. */
  words: string
}

const LONGEST_QUERY = 30

/** The mention that is being written at the caret. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const before = text.slice(0, caret)
  const start = before.lastIndexOf('@')
  const words = before.slice(start + 1)
  const isWord = start > 0 && /[\p{L}\p{N}]/u.test(before[start - 1]!)
  return start < 0 || isWord || words.length > LONGEST_QUERY || words.includes('\n') ? undefined : { start, words }
}

export function matches(name: string, words: string): boolean {
  return name.toLocaleLowerCase().split(/\s+/).some((_, at, all) => all.slice(at).join(' ').startsWith(words.toLocaleLowerCase()))
}

/** Returns the message's text for what stands in the field. */
export function encodeMentions(text: string, people: People = []): string {
  // "@Mina Park" must not be taken for "@Mina" and a surname.
  return [...people].sort(([a], [b]) => b.length - a.length).reduce((encoded, [name, id]) => encoded.replaceAll(`@${name}`, `<@${id}>`), text)
}

/** The other way, for a text that is written on. A name that is not known stays an id. */
export function decodeMentions(text: string, nameOf: (userId: string) => string | undefined): { text: string, people: People } {
  const people = textParts(text).flatMap(({ user }) => user && nameOf(user) ? [[nameOf(user)!, user] as const] : [])
  const known = new Map(people.map(([name, id]) => [id, name]))
  const decoded = textParts(text).map(part => known.has(part.user ?? '') ? readableText(part.text, id => known.get(id)) : part.text).join('')
  return { text: decoded, people }
}
