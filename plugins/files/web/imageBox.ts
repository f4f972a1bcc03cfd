/** Which files are images, and the place of one in a message. */
import type { AttachedFile } from '@webapp/plugin-api'

interface Size { width: number, height: number }

export type Image = AttachedFile & Size

/** What every browser can draw. */
const DRAWN = ['png', 'jpeg', 'gif', 'webp', 'avif'].map(name => `image/${name}`)
const LARGEST: Size = { width: 380, height: 320 }
/** Side of one of several: squares, of which two stand side by side on a phone. */
const TILE_PX = 136
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
export function boxOf(image: Size): Size {
  const ratio = ratioOf(image)
  const widest = Math.min(image.width, LARGEST.width, LARGEST.height * ratio)
  const box = Math.round(Math.max(LEAST_PX, LEAST_PX * ratio, widest))
  return { width: box, height: Math.round(box / ratio) }
}

/** The place of one of several, which shows the middle of it. */
export function tileOf({ width, height }: Size): Size {
  const side = Math.max(LEAST_PX, Math.min(TILE_PX, Math.max(width, height)))
  return { width: side, height: side }
}

/** How wide the image is drawn in `box`, with what is cut off. */
export function drawnWidth(image: Size, box: Size): number {
  return Math.max(box.width, Math.round(box.height * ratioOf(image)))
}

function ratioOf({ width, height }: Size): number {
  return Math.min(MOST_RATIO, Math.max(LEAST_RATIO, width / height))
}
