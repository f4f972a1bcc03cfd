/** What every journey has: its worker's server, guests with and without a browser, and pages that may not misbehave. */

import { test as base, expect } from '@playwright/test'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { Guest } from './guest.ts'
import { PrickleServer } from './server.ts'

export { expect }

interface Fixtures {
  /** A guest without a browser. */
  guest: (name: string) => Promise<Guest>
  /** A page of somebody new, in a browser of their own. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>
  /** A page whose visitor is `guest`. */
  pageOf: (guest: Guest, options?: BrowserContextOptions) => Promise<Page>
}

interface WorkerFixtures {
  /** What a journey needs to be set on the server, as `section.key=value`. */
  settings: readonly string[]
  server: PrickleServer
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  settings: [[], { option: true, scope: 'worker' }],

  server: [async ({ settings }, use) => {
    const server = await PrickleServer.start(settings)
    await use(server)
    await server.stop()
  }, { scope: 'worker' }],

  baseURL: ({ server }, use) => use(server.url),

  guest: async ({ server }, use) => {
    const guests: Guest[] = []
    await use(async (name) => {
      const guest = await Guest.enter(server.url, name)
      guests.push(guest)
      return guest
    })
    guests.forEach(guest => guest.leave())
  },

  newPage: async ({ browser, contextOptions, server, viewport, isMobile, hasTouch, locale, timezoneId }, use) => {
    const faults: string[] = []
    const defaults = { ...contextOptions, baseURL: server.url, viewport, isMobile, hasTouch, locale, timezoneId }
    const pages: Page[] = []
    await use(async (options) => {
      const page = await openPage(browser, { ...defaults, ...options }, faults)
      pages.push(page)
      return page
    })
    await Promise.all(pages.map(page => page.context().close()))
    expect(faults, 'uncaught errors and violations of the content security policy').toEqual([])
  },

  pageOf: async ({ newPage }, use) => {
    await use(async (guest, options) => {
      const page = await newPage(options)
      await signIn(page, guest)
      return page
    })
  },
})

async function openPage(browser: Browser, options: BrowserContextOptions, faults: string[]): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|\[Vue warn\]|plugin \w+:/.test(message.text())) faults.push(message.text())
  })
  return page
}

/** Hands `guest`'s identity over the way people do: by a one-time link. */
async function signIn(page: Page, guest: Guest): Promise<void> {
  const { url } = await guest.request<{ url: string }>('POST', '/api/auth/link')
  await page.goto(url)
  await page.getByRole('button', { name: /Go on here|이어/ }).click()
  await page.waitForURL('/')
}
