/**
 * Messages on their way: kept until the server has acknowledged them, over lost connections and reloads.
 *
 * A message keeps its client id however often it is sent, so the server stores it once. In one room they go out one
 * after the other, so that their order holds when one has to wait; only one whose files are still being uploaded lets
 * those behind it pass, since that may take minutes.
 */
import type { AttachedFile, ChatError } from '@webapp/plugin-api'
import type { ShallowRef } from 'vue'
import type { OutboxItem, OutboxKeeper } from './outboxKeeper'
import { toChatError } from '@webapp/plugin-api'
import { shallowRef } from 'vue'

export interface SendAnswer {
  seq: number
  created_at: string
}

export interface OutboxPorts {
  keeper: OutboxKeeper
  send: (item: OutboxItem) => Promise<SendAnswer>
  /** See `Attachments`. */
  upload: (uploads: readonly string[]) => Promise<readonly AttachedFile[]>
  onSent: (item: OutboxItem, answer: SendAnswer) => void
  isConnected: () => boolean
}

const FIRST_RETRY_MS = 2000
const LONGEST_RETRY_MS = 30_000

export class Outbox {
  /** All items of the present guest, oldest first. */
  readonly items: ShallowRef<readonly OutboxItem[]> = shallowRef([])
  readonly #ports: OutboxPorts
  /** Rooms whose sending waits for a timer. */
  readonly #pauses = new Map<string, ReturnType<typeof setTimeout>>()
  /** Tries in a row that failed for a passing reason, by room. */
  readonly #tries = new Map<string, number>()

  constructor(ports: OutboxPorts) {
    this.#ports = ports
  }

  /** Takes up what an earlier page of this guest left behind. */
  async restore(author: string | undefined): Promise<void> {
    for (const room of [...this.#pauses.keys()]) this.#resume(room)
    this.items.value = []
    const kept = (await this.#ports.keeper.load()).filter(item => item.author === author)
    const added = this.items.value.filter(item => !kept.some(({ clientId }) => clientId === item.clientId))
    const woken = kept.map(item => item.state === 'sending' ? { ...item, state: 'waiting' as const } : item)
    this.items.value = [...woken, ...added]
    woken.filter(item => item.state === 'waiting').forEach(item => void this.#upload(item))
    this.flush()
  }

  add(item: OutboxItem): void {
    this.items.value = [...this.items.value, item]
    void this.#ports.keeper.put(item)
    void this.#upload(item)
    void this.#drain(item.room)
  }

  retry(clientId: string): void {
    const item = this.#update(clientId, { state: 'waiting', error: undefined, retryAt: undefined })
    if (!item) return
    this.#resume(item.room)
    void this.#upload(item)
    void this.#drain(item.room)
  }

  /** Forgets an item and returns it; what is being sent cannot be called back. */
  remove(clientId: string): OutboxItem | undefined {
    const item = this.items.value.find(other => other.clientId === clientId)
    this.items.value = this.items.value.filter(other => other !== item)
    void this.#ports.keeper.remove(clientId)
    if (item) void this.#drain(item.room)
    return item
  }

  /** Sends what waits: to be called at each connect. */
  flush(): void {
    for (const room of new Set(this.items.value.map(item => item.room))) {
      this.#resume(room)
      void this.#drain(room)
    }
  }

  async #drain(room: string): Promise<void> {
    const mine = this.items.value.filter(item => item.room === room)
    const next = mine.find(item => item.state === 'waiting' && !isUploading(item))
    if (!next || this.#pauses.has(room) || mine.some(item => item.state === 'sending') || !this.#ports.isConnected()) return
    const item = this.#update(next.clientId, { state: 'sending', error: undefined, retryAt: undefined })!
    try {
      const answer = await this.#ports.send(item)
      this.#tries.delete(room)
      this.#ports.onSent(item, answer)
      this.remove(item.clientId)
    }
    catch (caught) {
      this.#fail(item, toChatError(caught))
    }
    void this.#drain(room)
  }

  async #upload({ clientId, room, uploads, files }: OutboxItem): Promise<void> {
    if (!uploads || files) return
    try {
      this.#update(clientId, { files: await this.#ports.upload(uploads) })
      void this.#drain(room)
    }
    catch (caught) {
      const { code, kind } = toChatError(caught)
      this.#update(clientId, { state: 'failed', error: { code, kind } })
    }
  }

  #fail(item: OutboxItem, error: ChatError): void {
    const reason = { code: error.code, kind: error.kind }
    if (error.kind === 'rate_limited') {
      const waitMs = (error.retryAfterS ?? 5) * 1000
      this.#update(item.clientId, { state: 'waiting', error: reason, retryAt: Date.now() + waitMs })
      this.#pause(item.room, waitMs)
    }
    else if (error.isTemporary || error.kind === 'unauthenticated') {
      const tries = this.#tries.get(item.room) ?? 0
      this.#tries.set(item.room, tries + 1)
      this.#update(item.clientId, { state: 'waiting' })
      this.#pause(item.room, Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS))
    }
    else {
      this.#update(item.clientId, { state: 'failed', error: reason })
    }
  }

  #pause(room: string, waitMs: number): void {
    this.#pauses.set(room, setTimeout(() => {
      this.#pauses.delete(room)
      void this.#drain(room)
    }, waitMs))
  }

  #resume(room: string): void {
    clearTimeout(this.#pauses.get(room))
    this.#pauses.delete(room)
  }

  #update(clientId: string, change: Partial<OutboxItem>): OutboxItem | undefined {
    const item = this.items.value.find(other => other.clientId === clientId)
    if (!item) return undefined
    const changed = { ...item, ...change }
    this.items.value = this.items.value.map(other => other === item ? changed : other)
    void this.#ports.keeper.put(changed)
    return changed
  }
}

function isUploading({ uploads, files }: OutboxItem): boolean {
  return uploads !== undefined && files === undefined
}
