/** Builds the page with every plugin's UI in a lazy chunk of its own, compressed, weighed, and with its CSP hashes. */

import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import { defineConfig } from 'vitest/config'
import vuetify from 'vite-plugin-vuetify'
import { compressed } from './build/compressed.ts'
import { criticalCss } from './build/criticalCss.ts'
import { cspHashes } from './build/cspHashes.ts'
import { firstVisit } from './build/firstVisit.ts'
import { serviceWorker } from './build/serviceWorker.ts'
import { SHARED_LIBRARIES } from './build/shared-libraries.js'
import { websocketOnly } from './build/websocketOnly.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const SERVER = process.env.PRICKLE_URL ?? 'http://127.0.0.1:8000'

/** What every page needs of others' code. Vuetify is left out: of it, each chunk takes its own components. */
const vendor = /node_modules\/(?:@vue|vue|vue-router|pinia|vue-i18n|@intlify|@tanstack\/(?:query-core|vue-query)|@vueuse|@?socket\.io[\w-]*|engine\.io[\w-]*)\//

/** Our own part of every page; what comes with dialogs, menus and rarer pages is left to chunks of their own. */
const shell = /webapp\/src\/(?:plugin-api|shell|layouts|components\/(?!AppOverlays|AppearanceMenu|LinkMeter|linkUse|ModalDialog|PluginTable|PopupMenu|ShortcutHelp|vuetify))|plugin-vue:export-helper|rolldown\/runtime/

export default defineConfig({
  plugins: [
    vue(),
    // Components are imported where they are used, so that none slips into the first visit; their styles come along.
    vuetify({ autoImport: false }),
    vueI18n({ include: [here('src/locales/*.json'), here('../plugins/*/web/locales/*.json')], runtimeOnly: true, dropMessageCompiler: true }),
    criticalCss(here('src/styles/critical.css')),
    websocketOnly(),
    serviceWorker(),
    cspHashes(),
    compressed(),
    firstVisit(),
  ],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  resolve: {
    alias: { '@webapp': here('src') },
    // Sources of plugins lie outside of the root and have no node_modules above them.
    dedupe: [...SHARED_LIBRARIES, 'vuetify'],
  },
  server: {
    fs: { allow: ['..'] },
    proxy: {
      '/api': SERVER,
      '/health': SERVER,
      '/docs': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
  build: {
    target: ['chrome120', 'firefox121', 'safari17'],
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Stays in the browser's cache while our own code changes.
            { name: 'vendor', test: vendor },
            // What plugins are built of, in one file: each further one costs its headers and a place in the queue.
            { name: 'shell', test: shell },
            // One chunk per language for the shell and all plugins together: fewer requests, better compression.
            { debugName: 'texts', name: id => `texts-${/(\w+)\.json$/.exec(id)?.[1]}`, test: /locales\/\w+\.json$/ },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'build/**/*.test.ts', '../plugins/*/web/**/*.test.ts'],
    restoreMocks: true,
    server: { deps: { inline: ['vuetify'] } },
  },
})
