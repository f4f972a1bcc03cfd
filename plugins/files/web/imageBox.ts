/** The place of an image in a message. */

interface Size { width: number, height: number }

const LARGEST: Size = { width: 380, height: 320 }
/** Of several side by side. */
const SMALL: Size = { width: 180, height: 180 }
/** A finger finds it. */
const LEAST_PX = 44
/** Beyond this an image is cut, as its thumbnail is: a strip would be nothing to look at. */
const MOST_RATIO = 4
const LEAST_RATIO = 0.5

/** In CSS pixels; narrower columns make it smaller, in the same proportion. */
export function boxOf({ width, height }: Size, isSmall = false): Size {
  const most = isSmall ? SMALL : LARGEST
  const ratio = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, width / height))
  const widest = Math.min(width, most.width, most.height * ratio)
  const box = Math.round(Math.max(LEAST_PX, LEAST_PX * ratio, widest))
  return { width: box, height: Math.round(box / ratio) }
}
