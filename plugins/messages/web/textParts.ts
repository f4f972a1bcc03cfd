/** Cuts a text into plain parts, web addresses and mentions; nothing of it is ever taken for HTML. */

export interface TextPart {
  text: string
  url?: string
  /** Whom it mentions. */
  user?: string
}

/** A mention names the guest's id, so that it survives a change of name. */
const MENTION = /<@(guest_[0-9a-hjkmnp-tv-z]{20})>/
/** An address ends before the punctuation of the sentence that it stands in. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}]/
const SPECIAL = new RegExp(`${MENTION.source}|${ADDRESS.source}`, 'gi')

export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(SPECIAL)) {
    const [found, user] = match
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    if (user) parts.push({ text: found, user })
    else parts.push({ text: found, ...(URL.canParse(found) && { url: found }) })
    end = match.index + found.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

/** The text as it is read out or quoted in one line, with names in place of ids. */
export function readableText(text: string, nameOf: (userId: string) => string | undefined): string {
  return textParts(text).map(part => part.user ? `@${nameOf(part.user) ?? '…'}` : part.text).join('')
}

export function mentions(text: string, userId: string | undefined): boolean {
  return userId !== undefined && text.includes(`<@${userId}>`)
}
