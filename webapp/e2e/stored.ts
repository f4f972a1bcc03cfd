/** What a page has put aside in the browser, over reloads. */

import type { Page } from '@playwright/test'

export const keptUploads = (page: Page): Promise<unknown[]> => stored(page, 'prickle.files', 'uploads')
export const outbox = (page: Page): Promise<unknown[]> => stored(page, 'prickle.messages', 'outbox')
export const newestMessages = (page: Page): Promise<unknown[]> => stored(page, 'prickle.messages', 'newest')

/** Everything in an object store of IndexedDB; nothing where the page has not made it yet. */
async function stored(page: Page, database: string, store: string): Promise<unknown[]> {
  const text = await page.evaluate(([database, store]) => new Promise<string>((resolve, reject) => {
    const opening = indexedDB.open(database)
    // Making it is the page's business.
    opening.onupgradeneeded = () => opening.transaction!.abort()
    opening.onerror = () => opening.error?.name === 'AbortError' ? resolve('[]') : reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction(store).objectStore(store).getAll()
      reading.onsuccess = () => (opening.result.close(), resolve(JSON.stringify(reading.result)))
    }
  }), [database, store] as const)
  return JSON.parse(text) as unknown[]
}
