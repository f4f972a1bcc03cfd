/** Weighs what a newcomer loads to join a room and talk, and fails the build above the promise. */

import { readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Manifest, Plugin } from 'vite'

const MAX_BYTES = 170 * 1024
const ENTRY = 'index.html'
/** Every plugin of this repository, since all may be enabled. */
const PLUGIN = /plugins\/\w+\/web\/index\.ts$/
/** One language of texts comes with them. */
const TEXTS = /texts-en-/

export function firstVisit(): Plugin {
  let outDir = ''
  return {
    name: 'prickle:first-visit',
    apply: 'build',
    configResolved: config => void (outDir = resolve(config.root, config.build.outDir)),
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const manifest = JSON.parse(await readFile(join(outDir, '.vite/manifest.json'), 'utf8')) as Manifest
        // Nobody needs it after this, and dist is served as it is.
        await rm(join(outDir, '.vite'), { recursive: true })
        const weights = await Promise.all([...filesOf(manifest)].map(async file => ({ file, bytes: await weigh(outDir, file) })))
        report(weights.sort((a, b) => b.bytes - a.bytes))
      },
    },
  }
}

/** Every file of the first visit: the entry, what it needs, and the pages on the way into a room. */
export function filesOf(manifest: Manifest): Set<string> {
  const files = new Set([ENTRY])
  const visited = new Set<string>()
  const roots = Object.keys(manifest).filter(key =>
    key === ENTRY || TEXTS.test(key) || PLUGIN.test(key))
  const visit = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk || visited.has(key)) return
    visited.add(key)
    if (chunk.file) files.add(chunk.file)
    chunk.css?.forEach(file => files.add(file))
    chunk.imports?.forEach(visit)
    // Lazy chunks that a plugin marks as part of the way into a room.
    chunk.dynamicImports?.filter(name => /plugins\/\w+\/web\/pages\//.test(name)).forEach(visit)
  }
  roots.forEach(visit)
  return files
}

async function weigh(outDir: string, file: string): Promise<number> {
  const path = join(outDir, file)
  return (await stat(`${path}.br`).catch(() => stat(path))).size
}

function report(weights: { file: string, bytes: number }[]): void {
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0)
  const line = (name: string, bytes: number) => `${(bytes / 1024).toFixed(1).padStart(8)} KB  ${name}`
  console.info(['', 'First visit, brotli:', ...weights.map(({ file, bytes }) => line(file, bytes)), line(`in all, of ${MAX_BYTES / 1024} KB`, total), ''].join('\n'))
  if (total > MAX_BYTES) throw new Error(`The first visit costs ${total} bytes, more than the promised ${MAX_BYTES}.`)
}
