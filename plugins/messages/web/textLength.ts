/** How long a text is for the server, and when that is worth a word. */
import { MAX_TEXT_LENGTH } from './types'

const TOLD_FROM = 0.9

export function lengthOf(text: string): number {
  // Counting code points is slow, and few texts are long.
  return text.length < MAX_TEXT_LENGTH * TOLD_FROM ? text.length : [...text].length
}

export function isSendable(text: string): boolean {
  return text.trim() !== '' && lengthOf(text.trimEnd()) <= MAX_TEXT_LENGTH
}

/** Undefined while there is room enough. */
export function lengthToTell(text: string): number | undefined {
  const length = lengthOf(text)
  return length >= MAX_TEXT_LENGTH * TOLD_FROM ? length : undefined
}
