/** Pictures made on the spot. */

import { crc32, deflateSync } from 'node:zlib'

/** A PNG of a sky over a meadow, in 8-bit RGB. */
export function picture(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isMeadow = y > height * (0.6 + 0.08 * Math.sin(5 * x / width))
      const colour = isMeadow ? [46, 110 - Math.floor(50 * y / height), 74] : [120 + Math.floor(110 * y / height), 170, 214 - Math.floor(60 * y / height)]
      rows.set(colour, y * (1 + 3 * width) + 1 + 3 * x)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
