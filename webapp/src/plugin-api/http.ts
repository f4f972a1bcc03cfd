/** HTTP to our own server: JSON in, JSON out, the token added, every failure a `ChatError`. */

import { ChatError, isWireError, toChatError } from './errors'
import type { Session } from './session'

export interface RequestOptions {
  /** Values of `undefined` are left out. */
  query?: Record<string, string | number | undefined>
  /** Sent as JSON. */
  body?: unknown
  signal?: AbortSignal
  /** Send the token if there is one. @default true */
  identified?: boolean
}

export interface Page<T> {
  data: T
  /** What to give as cursor to get the next page; undefined at the end. */
  cursor: string | undefined
  headers: Headers
}

export interface Http {
  get: <T>(path: string, options?: RequestOptions) => Promise<T>
  /** Like `get`, for a list that goes on: reads `X-Next-Cursor`. */
  page: <T>(path: string, options?: RequestOptions) => Promise<Page<T>>
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => Promise<T>
  patch: <T>(path: string, body: unknown, options?: RequestOptions) => Promise<T>
  delete: <T>(path: string, options?: RequestOptions) => Promise<T>
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

/** `origin` is where the server is, by default where the page is from. */
export function createHttp(session: Session, origin = ''): Http {
  async function send<T>(method: string, path: string, options: RequestOptions = {}): Promise<Page<T>> {
    const token = options.identified === false ? undefined : session.credentials.value?.token
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(options.body !== undefined && JSON_TYPE) }
    // JSON.stringify(undefined) is undefined: no body.
    const init = { method, headers, body: JSON.stringify(options.body), signal: options.signal }
    const response = await reach(origin + path + queryString(options.query), init)
    if (!response.ok) {
      const error = await readError(response)
      // A renewal may have come between: only the token in use is worth giving up.
      if (error.kind === 'unauthenticated' && token && token === session.credentials.value?.token) session.refuse(error)
      throw error
    }
    const { headers: answered } = response
    return { data: await readBody<T>(response), cursor: answered.get('X-Next-Cursor') ?? undefined, headers: answered }
  }

  return {
    get: async (path, options) => (await send<never>('GET', path, options)).data,
    page: (path, options) => send('GET', path, options),
    post: async (path, body, options) => (await send<never>('POST', path, { ...options, body })).data,
    patch: async (path, body, options) => (await send<never>('PATCH', path, { ...options, body })).data,
    delete: async (path, options) => (await send<never>('DELETE', path, options)).data,
  }
}

function queryString(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter(entry => entry[1] !== undefined)
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  }
  catch (caught) {
    if (caught instanceof DOMException && caught.name === 'AbortError') throw caught
    throw ChatError.local('webapp.offline', 'The server cannot be reached.')
  }
}

async function readBody<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return await response.json() as T
  }
  catch {
    throw ChatError.local('webapp.unreadable_answer', 'The answer is not what was expected.')
  }
}

async function readError(response: Response): Promise<ChatError> {
  const body: unknown = await response.json().catch(() => undefined)
  if (isWireError(body)) return toChatError(body)
  // A proxy answers in HTML while the server behind it is away.
  return ChatError.local('webapp.unreadable_answer', `${response.status} ${response.statusText}`)
}
