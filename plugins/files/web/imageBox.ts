/** Which files are images, and the place of one in a message. */
import type { AttachedFile } from '@webapp/plugin-api'

interface Size { width: number, height: number }

export type Image = AttachedFile & Size

/** What every browser can draw. */
const DRAWN = ['png', 'jpeg', 'gif', 'webp', 'avif'].map(name => `image/${name}`)
const LARGEST: Size = { width: 380, height: 320 }
/** Of several side by side. */
const SMALL: Size = { width: 180, height: 180 }
/** A finger finds it. */
const LEAST_PX = 44
/** Beyond this an image is cut, as its thumbnail is: a strip would be nothing to look at. */
const MOST_RATIO = 4
const LEAST_RATIO = 0.5

export function isDrawn(type: string): boolean {
  return DRAWN.includes(type)
}

/** The server could read it, and has a thumbnail of it. */
export function isImage(file: AttachedFile): file is Image {
  return isDrawn(file.type) && Boolean(file.width && file.height)
}

/** In CSS pixels; narrower columns make it smaller, in the same proportion. */
export function boxOf({ width, height }: Size, isSmall = false): Size {
  const most = isSmall ? SMALL : LARGEST
  const ratio = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, width / height))
  const widest = Math.min(width, most.width, most.height * ratio)
  const box = Math.round(Math.max(LEAST_PX, LEAST_PX * ratio, widest))
  return { width: box, height: Math.round(box / ratio) }
}
