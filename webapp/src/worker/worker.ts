/**
 * The page's service worker: the page opens without a connection, and nothing more. What people write, read or send
 * never passes through it; its waiting and retrying lie in the page.
 */

/// <reference lib="webworker" />

import { isAsset, isPage } from './routes'

declare const self: ServiceWorkerGlobalScope
/** Put in at build: what the page needs before it knows its plugins. */
declare const SHELL_FILES: string[]

const SHELL: string[] = SHELL_FILES
const CACHE = 'shell'
const INDEX = '/'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(SHELL)))
})

// Runs when the last page of the former build has been closed, so none of its files is asked for again.
self.addEventListener('activate', event => event.waitUntil(forgetFormerFiles()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  // All pages are one file; asked for by one address, the browser knows it and only has to hear that it has not changed.
  if (isPage(request)) event.respondWith(fetch(INDEX).catch(() => fromCache(INDEX)))
  else if (isAsset(request, location.origin)) event.respondWith(asset(request))
})

// Chunks of plugins and texts that the page loaded before a worker was there to keep them; the browser still has them.
self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  if (Array.isArray(data)) (data as string[]).forEach(url => void asset(new Request(url)))
})

// Phones show the page's notifications through its worker; a notification's tag is its room.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openRoom(event.notification.tag))
})

async function openRoom(roomId: string): Promise<void> {
  const url = `/rooms/${roomId}`
  const [page] = await self.clients.matchAll({ type: 'window' })
  await (page ? (await page.focus()).navigate(url) : self.clients.openWindow(url))
}

async function forgetFormerFiles(): Promise<void> {
  const cache = await caches.open(CACHE)
  const current = new Set(SHELL.map(file => new URL(file, location.origin).href))
  const former = (await cache.keys()).filter(({ url }) => !current.has(url))
  await Promise.all(former.map(request => cache.delete(request)))
}

/** A name with a hash never changes its content: once fetched, kept. */
async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) await cache.put(request, response.clone())
  return response
}

async function fromCache(path: string): Promise<Response> {
  return await caches.match(path) ?? Response.error()
}
