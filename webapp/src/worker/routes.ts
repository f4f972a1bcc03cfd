/** Which requests the service worker answers. */

const SERVER_PATHS = /^\/(?:api|docs|health|metrics|socket\.io)(?:\/|$)/

/** A page of the webapp is opened; the server's own pages are not. */
export function isPage({ mode, url }: Pick<Request, 'mode' | 'url'>): boolean {
  return mode === 'navigate' && !SERVER_PATHS.test(new URL(url).pathname)
}

/** A file of the build, from our own server. */
export function isAsset({ method, url }: Pick<Request, 'method' | 'url'>, origin: string): boolean {
  return method === 'GET' && url.startsWith(`${origin}/assets/`)
}
