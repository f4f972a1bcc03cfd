/** Somebody who uses the server without a browser: sets a journey up, or is the other side of it. */

import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'

type Ack<T> = { ok: true, data: T } | { ok: false, error: { code: string } }

export interface Room { id: string, name: string }

export class Guest {
  #socket: Socket | undefined

  private constructor(readonly url: string, readonly id: string, readonly name: string, readonly token: string) {}

  static async enter(url: string, name: string): Promise<Guest> {
    const response = await fetch(`${url}/api/auth/guest`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) })
    const { token, user } = await response.json() as { token: string, user: { id: string, name: string } }
    return new Guest(url, user.id, user.name, token)
  }

  async createRoom(name: string, visibility: 'public' | 'private' = 'public'): Promise<Room> {
    return this.request('POST', '/api/rooms', { name, visibility })
  }

  async invite(room: Room): Promise<string> {
    const { url } = await this.request<{ url: string }>('POST', `/api/rooms/${room.id}/invites`, { expires_in_s: 3_600 })
    return url
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'Authorization': `Bearer ${this.token}`, 'Content-Type': 'application/json' }
    const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  async command<T>(name: string, payload: object): Promise<T> {
    this.#socket ??= io(this.url, { transports: ['websocket'], auth: { token: this.token } })
    const ack = await this.#socket.timeout(10_000).emitWithAck(name, payload) as Ack<T>
    if (!ack.ok) throw new Error(`${name}: ${ack.error.code}`)
    return ack.data
  }

  async join(room: Room): Promise<void> {
    await this.command('rooms.join', { room: room.id })
  }

  async say(room: Room, text: string, more: object = {}): Promise<number> {
    const { seq } = await this.command<{ seq: number }>('messages.create', { room: room.id, text, client_id: crypto.randomUUID(), ...more })
    return seq
  }

  async upload(room: Room, name: string, body: Buffer, type = 'application/octet-stream'): Promise<{ id: string }> {
    const headers = { 'Authorization': `Bearer ${this.token}`, 'Content-Type': type, 'X-File-Name': encodeURIComponent(name) }
    const response = await fetch(`${this.url}/api/rooms/${room.id}/files`, { method: 'POST', headers, body: new Uint8Array(body) })
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`)
    return await response.json() as { id: string }
  }

  leave(): void {
    this.#socket?.close()
  }
}
