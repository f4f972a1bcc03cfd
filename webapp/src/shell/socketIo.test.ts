import { createServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Server } from 'socket.io'
import type { Socket as ServerSocket } from 'socket.io'
import { createSocket } from './socketIo'
import { createSession } from '@webapp/plugin-api/session'
import type { Session } from '@webapp/plugin-api/session'

let http: HttpServer
let server: Server
let session: Session
const tokens: unknown[] = []

beforeEach(async () => {
  tokens.length = 0
  http = createServer()
  server = new Server(http)
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  session = createSession()
})
afterEach(async () => {
  session.set(undefined)
  await server.close()
})

const credentials = (token: string, id = 'guest_a') => ({ token, expiresAt: new Date(), user: { id, name: 'A' } })
const connectTo = () => createSocket({ session, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` })
const connected = () => new Promise<ServerSocket>(resolve => server.once('connection', resolve))

describe('createSocket', () => {
  it('connects when somebody signs in, with the token in the handshake, and ends when they sign out', async () => {
    const socket = connectTo()
    expect(socket.state.value).toBe('signed-out')
    session.set(credentials('one'))
    const peer = await connected()
    expect(peer.handshake.auth).toEqual({ token: 'one' })
    await vi.waitFor(() => expect(socket.state.value).toBe('connected'))
    session.set(undefined)
    await vi.waitFor(() => expect(peer.connected).toBe(false))
    expect(socket.state.value).toBe('signed-out')
  })

  it('keeps the connection when the same guest’s token is renewed', async () => {
    const socket = connectTo()
    session.set(credentials('one'))
    const peer = await connected()
    await vi.waitFor(() => expect(socket.state.value).toBe('connected'))
    session.set(credentials('two'))
    peer.on('still.there', (_payload, ack) => ack({ ok: true, data: peer.id }))
    expect(await socket.command('still.there', {})).toBe(peer.id)
  })

  it('resolves with the ack’s data and rejects with the ack’s error', async () => {
    server.on('connection', peer => peer.on('rooms.join', ({ room }, ack) => ack(room === 'mine'
      ? { ok: true, data: { last_seq: 7 } }
      : { ok: false, error: { kind: 'not_found', code: 'rooms.room_not_found', message: '', details: {}, trace_id: 't' } })))
    const socket = connectTo()
    session.set(credentials('one'))
    await vi.waitFor(() => expect(socket.state.value).toBe('connected'))
    expect(await socket.command('rooms.join', { room: 'mine' })).toEqual({ last_seq: 7 })
    await expect(socket.command('rooms.join', { room: 'other' })).rejects.toMatchObject({ code: 'rooms.room_not_found' })
  })

  it('rejects at once without a connection, and when it breaks or stays silent before the ack', async () => {
    const socket = connectTo()
    await expect(socket.command('messages.create', {})).rejects.toMatchObject({ code: 'webapp.offline' })
    session.set(credentials('one'))
    const peer = await connected()
    await vi.waitFor(() => expect(socket.state.value).toBe('connected'))
    await expect(socket.command('silent', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'webapp.timed_out' })
    peer.on('breaking', () => peer.conn.close())
    await expect(socket.command('breaking', {})).rejects.toMatchObject({ code: 'webapp.connection_lost' })
  })

  it('connects again after a break and says so, and a handler that throws stops no other', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const socket = connectTo()
    const news: boolean[] = []
    socket.onConnect(() => {
      throw new Error('a defect')
    })
    socket.onConnect(({ again }) => news.push(again))
    session.set(credentials('one'))
    const peer = await connected()
    await vi.waitFor(() => expect(news).toEqual([false]))
    peer.conn.close()
    await vi.waitFor(() => expect(socket.nextTryAt.value).toBeInstanceOf(Date))
    socket.tryNow()
    await vi.waitFor(() => expect(news).toEqual([false, true]))
  })

  it('tells the session of a refused token and connects at once with a new one', async () => {
    const refusal = { kind: 'unauthenticated', code: 'auth.expired', message: '', details: {}, trace_id: '' }
    server.use((peer, next) => next(peer.handshake.auth.token === 'new' ? undefined : Object.assign(new Error('refused'), { data: refusal })))
    const socket = connectTo()
    session.onRefused(() => setTimeout(() => session.set(credentials('new'))))
    session.set(credentials('old'))
    await vi.waitFor(() => expect(socket.state.value).toBe('connected'))
  })

  it('hands notices and replayed entries to the same handlers until they are removed', async () => {
    const socket = connectTo()
    const seen: unknown[] = []
    const remove = socket.onNotice('messages.created', payload => seen.push(payload))
    session.set(credentials('one'))
    const peer = await connected()
    peer.emit('messages.created', { seq: 1 })
    await vi.waitFor(() => expect(seen).toEqual([{ seq: 1 }]))
    socket.replay([['messages.created', { seq: 2 }], ['rooms.left', { seq: 3 }]])
    remove()
    socket.replay([['messages.created', { seq: 4 }]])
    expect(seen).toEqual([{ seq: 1 }, { seq: 2 }])
  })
})
