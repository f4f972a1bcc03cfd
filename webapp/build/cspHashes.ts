/** Writes `dist/csp.json`: the hashes of what index.html holds inline, for the server's content security policy. */

import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

export function cspHashes(): Plugin {
  let outDir = ''
  return {
    name: 'prickle:csp-hashes',
    apply: 'build',
    configResolved: config => void (outDir = resolve(config.root, config.build.outDir)),
    writeBundle: {
      order: 'pre',
      sequential: true,
      async handler() {
        const html = await readFile(join(outDir, 'index.html'), 'utf8')
        const hashes = { 'script-src': inline(html, 'script'), 'style-src': inline(html, 'style') }
        await writeFile(join(outDir, 'csp.json'), JSON.stringify(hashes))
      },
    },
  }
}

/** Sources such as `'sha256-…'` of the elements without attributes; those with a `src` are covered by `'self'`. */
export function inline(html: string, element: 'script' | 'style'): string[] {
  const contents = html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))
  return [...contents].map(([, content]) => `'sha256-${createHash('sha256').update(content!).digest('base64')}'`)
}
