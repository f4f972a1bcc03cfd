/** The eight colours of people and rooms: chosen by a hash of the id, so that everybody sees the same one. */

const COLOURS = 8

/** 0 to 7; the colour is `var(--person-N)` on `var(--person-N-container)`. */
export function colourOf(id: string): number {
  let hash = 0
  for (const char of id) hash = (hash * 31 + char.codePointAt(0)!) >>> 0
  return hash % COLOURS
}

/** The first grapheme of a name, in capitals: what an avatar without a picture shows. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return first?.segment.toLocaleUpperCase() ?? '?'
}
