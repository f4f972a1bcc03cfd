/** Builds the service worker beside the page and tells it which files make up the shell. */

import type { Plugin, Rolldown } from 'vite'

const ENTRY = 'worker'
const PLACEHOLDER = 'SHELL_FILES'
const ALWAYS = ['/', '/icon.svg', '/manifest.webmanifest']

export function serviceWorker(): Plugin {
  return {
    name: 'prickle:service-worker',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', [ENTRY]: 'src/worker/worker.ts' },
          // A worker controls the paths beneath its own, and has one name for ever.
          output: { entryFileNames: chunk => chunk.name === ENTRY ? `${ENTRY}.js` : 'assets/[name]-[hash].js' },
        },
      },
    }),
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
        const worker = chunks.find(chunk => chunk.name === ENTRY)!
        if (worker.imports.length > 0) this.error(`the service worker must be one file, but imports ${worker.imports.join(', ')}`)
        worker.code = worker.code.replaceAll(PLACEHOLDER, JSON.stringify(shellFiles(chunks)))
      },
    },
  }
}

/** The page's entry with everything that it imports at once, styles too. Plugins and texts differ from visitor to visitor. */
function shellFiles(chunks: Rolldown.OutputChunk[]): string[] {
  const files = new Set<string>()
  const visit = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (!chunk || files.has(chunk.fileName)) return
    files.add(chunk.fileName)
    chunk.viteMetadata?.importedCss.forEach(file => files.add(file))
    chunk.imports.forEach(name => visit(chunks.find(({ fileName }) => fileName === name)))
  }
  chunks.filter(({ name, isEntry }) => isEntry && name !== ENTRY).forEach(visit)
  return [...ALWAYS, ...[...files].map(file => `/${file}`)]
}
