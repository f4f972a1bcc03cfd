/** A real Prickle of our own, on a free port and a data folder that goes with it. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const COMMAND = process.env.PRICKLE ?? join(ROOT, '.venv/bin/prickle')
const START_TIMEOUT_MS = 30_000
/** Below the ports that clients are given: a client of a server that is down could otherwise be connected to itself. */
const [FIRST_PORT, END_OF_PORTS] = [12_000, 32_000] as const

export class PrickleServer {
  #process: ChildProcess | undefined
  #output = ''

  private constructor(readonly url: string, readonly port: number, readonly dataDir: string, readonly settings: readonly string[]) {}

  /** `settings` are `section.key=value`. */
  static async start(settings: readonly string[] = []): Promise<PrickleServer> {
    const port = await freePort()
    const server = new PrickleServer(`http://127.0.0.1:${port}`, port, await mkdtemp(join(tmpdir(), 'prickle-e2e-')), settings)
    await server.run()
    return server
  }

  async run(): Promise<void> {
    // Journeys write faster than people; that limits hold is tested on the Python side.
    const settings = ['limits.enabled=false', ...this.settings].flatMap(setting => ['--set', setting])
    const args = ['run', '--port', String(this.port), '--data', this.dataDir, ...settings]
    const child = spawn(COMMAND, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', text => this.#output += text)
    child.stderr.on('data', text => this.#output += text)
    this.#process = child
    const deadline = Date.now() + START_TIMEOUT_MS
    while (!await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(2_000) }).then(response => response.ok, () => false)) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Prickle did not start:\n${this.#output}`)
      await new Promise(again => setTimeout(again, 100))
    }
  }

  /** Ends it as a crash would: nothing is said, nothing is tidied up. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.dataDir, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (END_OF_PORTS - FIRST_PORT))
    const probe = createServer()
    const isFree = await new Promise<boolean>((tell) => {
      probe.once('error', () => tell(false)).listen(port, '127.0.0.1', () => tell(true))
    })
    if (!isFree) continue
    probe.close()
    await once(probe, 'close')
    return port
  }
}
