/** Leaves the transports out that the page never asks for: polling and WebTransport cost a first visit 0.8 KB. */

import type { Plugin } from 'vite'

export function websocketOnly(): Plugin {
  return {
    name: 'prickle:websocket-only',
    load: id => /engine\.io-client\/build\/esm\/transports\/index\.js$/.test(id)
      ? `import { WS } from './websocket.js'\nexport const transports = { websocket: WS }`
      : undefined,
  }
}
