/** Builds the page: the shell first, then the plugins' UIs, then the router, so that their routes are known to it. */

import { createApp } from 'vue'
import { createPinia } from 'pinia'
import { VueQueryPlugin } from '@tanstack/vue-query'
import App from './App.vue'
import './styles/main.css'
import { loadPlugins } from './plugins'
import { createAppRouter } from './router'
import { createAppearance, preferredLanguage } from './shell/appearance'
import { useFeedbackStore } from './shell/feedback'
import { registerWorker, reloadForNewBuild } from './shell/installed'
import { createQueryClient } from './shell/queries'
import { createSocket } from './shell/socketIo'
import { createTexts } from './shell/texts'
import { rememberVisitor } from './shell/visitor'
import { SHELL } from './plugin-api/context'
import { createHttp } from './plugin-api/http'
import { Contributions } from './plugin-api/registry'
import { Services } from './plugin-api/services'
import { createSession } from './plugin-api/session'

async function start(): Promise<void> {
  const session = createSession()
  rememberVisitor(session)
  const texts = createTexts(preferredLanguage())
  const pinia = createPinia()
  const feedback = useFeedbackStore(pinia)
  const shell = {
    session,
    feedback,
    http: createHttp(session),
    socket: createSocket({ session }),
    services: new Services(),
    contributions: new Contributions(),
    appearance: createAppearance(texts, feedback),
    failedPlugins: new Set<string>(),
  }
  const router = createAppRouter(session)
  const queryClient = createQueryClient(session)
  const app = createApp(App)
    .use(pinia).use(texts.i18n).use(VueQueryPlugin, { queryClient })
    .provide(SHELL, shell)

  const enabled = loadPlugins({ app, shell, router, queryClient, texts })
  await Promise.all([texts.use(texts.language.value), enabled.catch(error => console.error('plugins:', error))])
  app.use(router)
  await router.isReady()
  app.mount('#app')
}

registerWorker()
reloadForNewBuild()
void start()
