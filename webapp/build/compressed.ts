/** Lays a `.br` and a `.gz` beside every file that compresses: the best that either can do, paid once at build. */

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(?:html|js|css|json|svg|webmanifest)$/
const MIN_BYTES = 200

export function compressed(): Plugin {
  let outDir = ''
  return {
    name: 'prickle:compressed',
    apply: 'build',
    configResolved: config => void (outDir = resolve(config.root, config.build.outDir)),
    writeBundle: {
      sequential: true,
      async handler() {
        const names = await readdir(outDir, { recursive: true })
        await Promise.all(names.filter(name => COMPRESSIBLE.test(name) && name !== 'csp.json').map(name => compress(join(outDir, name))))
      },
    },
  }
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path)
  if (content.length < MIN_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }))
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
}
