/** Cuts a text into plain parts and web addresses; nothing of it is ever taken for HTML. */

export interface TextPart {
  text: string
  url?: string
}

/** An address ends before the punctuation of the sentence that it stands in. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}]/gi

export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: match[0], ...(URL.canParse(match[0]) && { url: match[0] }) })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
