/** Lets the page open without a connection, and carries an open page over to a new build. */

const RELOADED_KEY = 'shell.reloaded'
const RELOAD_AGAIN_MS = 60_000

/** Registers the service worker once everything that the first visit needs is there. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  window.addEventListener('load', () => {
    // Private windows refuse; the page works without.
    void install().catch(error => console.info('no service worker:', error))
  })
}

async function install(): Promise<void> {
  await navigator.serviceWorker.register('/worker.js', { type: 'module' })
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage(loadedAssets())
}

function loadedAssets(): string[] {
  const names = performance.getEntriesByType('resource').map(({ name }) => name)
  return names.filter(name => name.startsWith(`${location.origin}/assets/`))
}

/** A chunk that is gone was replaced by a new build: the page starts over with that, but never in a loop. */
export function reloadForNewBuild(): void {
  window.addEventListener('vite:preloadError', (event) => {
    try {
      const last = Number(sessionStorage.getItem(RELOADED_KEY))
      if (!navigator.onLine || Date.now() - last < RELOAD_AGAIN_MS) return
      sessionStorage.setItem(RELOADED_KEY, String(Date.now()))
    }
    catch {
      return // Without a memory a loop could not be told.
    }
    event.preventDefault()
    location.reload()
  })
}
