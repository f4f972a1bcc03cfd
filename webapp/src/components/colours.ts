/** The eight colours of people and rooms: chosen by a hash of the id, so that everybody sees the same one. */

const COLOURS = 8

/** 0 to 7; the colour is `var(--person-N)` on `var(--person-N-container)`. */
export function colourOf(id: string): number {
  // FNV-1a; its lowest bits mix badly, so the colour comes from higher ones.
  let hash = 0x811C9DC5
  for (const char of id) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  return (hash >>> 15) % COLOURS
}

/** The first grapheme of a name, in capitals: what an avatar without a picture shows. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return first?.segment.toLocaleUpperCase() ?? '?'
}
