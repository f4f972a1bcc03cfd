/** A wire between browser and server that counts what passes: headers, answers and frames, all that TCP carries. */

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

export class Meter {
  bytesIn = 0
  readonly #open = new Set<Socket>()

  private constructor(readonly url: string, readonly server: Server) {}

  static async before(port: number): Promise<Meter> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const meter = new Meter(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server)
    server.on('connection', browser => meter.#join(browser, connect(port, '127.0.0.1')))
    return meter
  }

  /** Bytes that came from the server while `visit` ran. */
  async during(visit: () => Promise<void>): Promise<number> {
    const before = this.bytesIn
    await visit()
    return this.bytesIn - before
  }

  close(): void {
    this.server.close()
    this.#open.forEach(socket => socket.destroy())
  }

  #join(browser: Socket, server: Socket): void {
    server.on('data', data => this.bytesIn += data.length)
    browser.pipe(server).pipe(browser)
    for (const socket of [browser, server]) {
      this.#open.add(socket)
      // Browsers drop connections as they like; the other end then goes too.
      socket.on('error', () => socket.destroy()).on('close', () => [browser, server].forEach(end => end.destroy()))
    }
  }
}
