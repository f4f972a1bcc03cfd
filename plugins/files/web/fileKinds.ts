/** How files look in lists: what they are, in which colour, and where their names may be cut. */
import { mdiFileImageOutline, mdiFileMusicOutline, mdiFileOutline, mdiFileVideoOutline, mdiFolderZipOutline } from '@mdi/js'

export interface FileKind {
  icon: string
  /** Number of the person colour. */
  colour: number
}

const LONGEST_ENDING = 10
const OTHER: FileKind = { icon: mdiFileOutline, colour: 4 }
const KINDS: [RegExp, FileKind][] = [
  [/\.(?:png|jpe?g|gif|webp|avif|heic|tiff?|svg)$/i, { icon: mdiFileImageOutline, colour: 5 }],
  [/\.(?:mp4|mov|webm|mkv)$/i, { icon: mdiFileVideoOutline, colour: 7 }],
  [/\.(?:mp3|ogg|wav|flac|m4a)$/i, { icon: mdiFileMusicOutline, colour: 6 }],
  [/\.(?:zip|gz|tgz|7z|rar|xz|tar)$/i, { icon: mdiFolderZipOutline, colour: 2 }],
  [/\.pdf$/i, { icon: mdiFileOutline, colour: 0 }],
]

/** By its name: a picture, and no more than that. */
export function kindOf(name: string): FileKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER
}

/** The start, of which some may be left out, and the ending, which tells what it is and stays. */
export function nameParts(name: string): [start: string, ending: string] {
  const dot = name.lastIndexOf('.')
  return dot <= 0 || name.length - dot > LONGEST_ENDING ? [name, ''] : [name.slice(0, dot), name.slice(dot)]
}
