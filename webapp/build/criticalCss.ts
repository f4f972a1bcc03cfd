/** Puts the style sheet of the first paint into index.html, so that nothing has to be fetched before it. */

import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

const MAX_BYTES = 6 * 1024

export function criticalCss(path: string): Plugin {
  return {
    name: 'prickle:critical-css',
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        const css = (await readFile(path, 'utf8')).replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\s+/g, ' ').replaceAll(/ ?([{};:,]) ?/g, '$1').trim()
        if (Buffer.byteLength(css) > MAX_BYTES) throw new Error(`critical.css has ${Buffer.byteLength(css)} bytes, more than ${MAX_BYTES}`)
        return html.replace('<!--critical-css-->', `<style>${css}</style>`)
      },
    },
  }
}
