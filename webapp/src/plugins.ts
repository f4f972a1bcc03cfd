/** The only file that knows that plugins exist: which are enabled, their UI chunks, and what each may add. */

import type { App } from 'vue'
import type { QueryClient } from '@tanstack/vue-query'
import type { Router } from 'vue-router'
import type { Shell } from '@webapp/plugin-api/context'
import type { PluginDefinition, Registry, SlotContribution } from '@webapp/plugin-api/registry'
import { storage } from '@webapp/plugin-api/storage'
import type { Texts } from '@webapp/shell/texts'

// The script in index.html reads the same name.
const ENABLED_KEY = 'shell.plugins'
const ASKED_KEY = 'shell.pluginsAskedAt'
const ASK_AGAIN_MS = 10 * 60 * 1_000
const PLUGINS_PATH = '/api/plugins'

export interface PluginInfo {
  id: string
  version: string
  summary: string
  state: string
}

export interface PluginList {
  plugins: PluginInfo[]
  core: string
}

type Chunks = Record<string, () => Promise<{ default: PluginDefinition }>>

const CHUNKS: Chunks = import.meta.glob<{ default: PluginDefinition }>('../../plugins/*/web/index.ts')

export interface PluginHost {
  /** The UIs of this build. @default all that lie in `plugins` */
  chunks?: Chunks
  app: App
  shell: Shell & { failedPlugins: Set<string> }
  router: Router
  queryClient: QueryClient
  texts: Texts
}

/**
 * Sets up the UI of every enabled plugin. The list of the last visit is used at once, and asked for again now and then:
 * a page must not wait a round trip, or need a connection, to know what it consists of.
 */
export async function loadPlugins(host: PluginHost): Promise<void> {
  const known = storage.get(ENABLED_KEY)?.split(' ')
  if (!known) return loadChunks(host, await askForPlugins(host))
  await loadChunks(host, known)
  if (Date.now() - Number(storage.get(ASKED_KEY)) < ASK_AGAIN_MS) return
  // Without a connection the known ones will do.
  void askForPlugins(host).then(ids => loadChunks(host, ids.filter(id => !known.includes(id))), () => undefined)
}

async function askForPlugins({ shell }: PluginHost): Promise<string[]> {
  const { plugins } = await shell.http.get<PluginList>(PLUGINS_PATH, { identified: false })
  const ids = plugins.map(plugin => plugin.id)
  storage.set(ENABLED_KEY, ids.join(' '))
  storage.set(ASKED_KEY, String(Date.now()))
  return ids
}

async function loadChunks(host: PluginHost, enabled: string[]): Promise<void> {
  const { chunks = CHUNKS } = host
  const loading = enabled.map(id => [id, chunks[`../../plugins/${id}/web/index.ts`]?.()] as const)
  // Fetched side by side, set up in the server's order, which is that of `requires`.
  for (const [id, chunk] of loading) await setUp(host, id, chunk)
}

async function setUp(host: PluginHost, id: string, chunk: Promise<{ default: PluginDefinition }> | undefined): Promise<void> {
  try {
    const loaded = await chunk
    if (loaded) await host.app.runWithContext(() => loaded.default.setup(createRegistry(host, id)))
  }
  catch (error) {
    console.error(`plugin ${id}:`, error)
    host.shell.failedPlugins.add(id)
  }
}

function createRegistry({ shell, router, queryClient, texts }: PluginHost, pluginId: string): Registry {
  const { http, socket, session, services, contributions } = shell
  return {
    pluginId, http, socket, session, router, queryClient,
    fill: (slot, contribution) => contributions.add(slot, { ...contribution as SlotContribution, pluginId }),
    addRoute: route => router.addRoute(route),
    addCommand: command => contributions.addCommand(command),
    addLocales: loaders => texts.add(pluginId, loaders),
    t: (key, values = {}) => texts.i18n.global.t(key, values),
    onNotice: (event, handler) => socket.onNotice(event, handler),
    onConnect: handler => socket.onConnect(handler),
    offer: (key, service) => services.offer(key, service),
    find: key => services.find(key),
  }
}
