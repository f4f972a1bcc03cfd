// @vitest-environment node
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHttp } from './http'
import { createSession } from './session'

let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise(resolve => server.close(resolve)))

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const signedIn = (token = 'token-1') => {
  const session = createSession()
  session.set({ token, expiresAt: new Date(), user: { id: 'guest_a', name: 'A' } })
  return session
}
const json = (response: ServerResponse, status: number, body: unknown, headers = {}) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const refusal = { kind: 'unauthenticated', code: 'auth.expired', message: 'Expired.', details: {}, trace_id: 't1' }

describe('createHttp', () => {
  it('sends the token, the query without undefined values, and the body as JSON', async () => {
    let body = ''
    answer = (request, response) => {
      request.on('data', chunk => body += chunk).on('end', () => json(response, 200, {
        url: request.url, token: request.headers.authorization, type: request.headers['content-type'],
      }))
    }
    const seen = await createHttp(signedIn(), origin()).post('/api/rooms', { name: '방' }, { query: { a: 1, b: undefined } })
    expect(seen).toEqual({ url: '/api/rooms?a=1', token: 'Bearer token-1', type: 'application/json' })
    expect(JSON.parse(body)).toEqual({ name: '방' })
  })

  it('keeps the token to itself where the request is not identified', async () => {
    answer = (request, response) => json(response, 200, { token: request.headers.authorization ?? null })
    expect(await createHttp(signedIn(), origin()).get('/', { identified: false })).toEqual({ token: null })
  })

  it('reads the cursor of a page, none at the end, and other headers', async () => {
    answer = (request, response) => json(response, 200, [1], request.url === '/more' ? { 'X-Next-Cursor': '42', 'X-Last-Seq': '7' } : {})
    const http = createHttp(signedIn(), origin())
    const page = await http.page('/more')
    expect(page).toMatchObject({ data: [1], cursor: '42' })
    expect(page.headers.get('X-Last-Seq')).toBe('7')
    expect(await http.page('/end')).toMatchObject({ data: [1], cursor: undefined })
  })

  it('rejects with the server’s error object and tells the session that its token was refused', async () => {
    answer = (_request, response) => json(response, 401, refusal)
    const session = signedIn()
    const refused = vi.fn()
    session.onRefused(refused)
    await expect(createHttp(session, origin()).get('/api/me')).rejects.toMatchObject({ code: 'auth.expired', traceId: 't1' })
    expect(refused).toHaveBeenCalledOnce()
  })

  it('does not give up a token that was renewed while the old one was refused', async () => {
    const session = signedIn('old')
    answer = (_request, response) => {
      session.set({ ...session.credentials.value!, token: 'new' })
      json(response, 401, refusal)
    }
    const refused = vi.fn()
    session.onRefused(refused)
    await expect(createHttp(session, origin()).get('/api/me')).rejects.toMatchObject({ kind: 'unauthenticated' })
    expect(refused).not.toHaveBeenCalled()
  })

  it('turns a proxy’s page and an unreachable server into temporary errors', async () => {
    answer = (_request, response) => response.writeHead(502).end('<html>Bad gateway')
    await expect(createHttp(signedIn(), origin()).get('/')).rejects.toMatchObject({ code: 'webapp.unreadable_answer', isTemporary: true })
    await expect(createHttp(signedIn(), 'http://127.0.0.1:1').get('/')).rejects.toMatchObject({ code: 'webapp.offline', isTemporary: true })
  })

  it('answers 204 with nothing', async () => {
    answer = (_request, response) => response.writeHead(204).end()
    expect(await createHttp(signedIn(), origin()).delete('/')).toBeUndefined()
  })
})
