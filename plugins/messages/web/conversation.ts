/** One room's messages: what is loaded of them, what is being loaded, and this guest's changes that are on their way. */
import type { ChatError, Http } from '@webapp/plugin-api'
import type { ShallowRef } from 'vue'
import type { Page, Timeline } from './timeline'
import type { Entry, Message } from './types'
import { toChatError } from '@webapp/plugin-api'
import { shallowReactive, shallowRef } from 'vue'
import { KEPT_MESSAGES } from './messageCache'
import { applyAnswer, applyEntry, applyPage, emptyTimeline, trimOldest } from './timeline'

export const PAGE_SIZE = 50
/** Beyond this many the oldest are forgotten, if nobody is looking at them. */
const MOST_LOADED = 1200
const KEPT_LOADED = 600

/** A change of a message that is shown before the server has confirmed it. */
export type PendingChange = { text: string } | { deleted: true }

export interface ConversationPorts {
  http: Pick<Http, 'page'>
  /** The last entry of the room's log that has been handed out. */
  lastSeq: () => number
}

export class Conversation {
  readonly timeline: ShallowRef<Timeline> = shallowRef(emptyTimeline)
  readonly loading = shallowRef<Page['side']>()
  readonly error = shallowRef<ChatError>()
  readonly pending = shallowReactive(new Map<number, PendingChange>())
  /** By `seq`: the client id of messages sent from here, so that their rows stay the same when they are acknowledged. */
  readonly sentHere = new Map<number, string>()
  /** Answered messages that are not loaded; `null` where there is none, undefined while it is fetched. */
  readonly quoted = shallowReactive(new Map<number, Message | null | undefined>())
  /** The first message on screen, if the end of the conversation is not. */
  firstVisible: number | undefined
  /** False until there is something to show, be it from an earlier visit. */
  readonly isKnown = shallowRef(false)
  /** The server has told what is shown. */
  isLoaded = false
  readonly #ports: ConversationPorts
  #attempt = 0

  constructor(readonly roomId: string, ports: ConversationPorts) {
    this.#ports = ports
  }

  apply(entry: Entry): void {
    const applied = applyEntry(this.timeline.value, entry)
    const isFull = applied.messages.length > MOST_LOADED && this.firstVisible === undefined
    this.timeline.value = isFull ? trimOldest(applied, KEPT_LOADED) : applied
  }

  applyAnswer(message: Message): void {
    this.timeline.value = applyAnswer(this.timeline.value, message)
  }

  /** Shows what an earlier visit left behind, until the server has told more. */
  restore(messages: readonly Message[]): void {
    if (this.isLoaded) return
    this.timeline.value = applyPage(this.timeline.value, { messages, side: 'fresh', asOf: 0, reachesStart: messages.length < KEPT_MESSAGES, reachesEnd: true })
    this.isKnown.value = true
  }

  /** Loads the window anew: at its end, or where somebody is reading. */
  reload(): Promise<void> {
    return this.firstVisible === undefined ? this.loadLatest() : this.loadAround(this.firstVisible)
  }

  async loadLatest(): Promise<void> {
    await this.#load({ limit: PAGE_SIZE }, 'fresh', ({ cursor }) => ({ reachesStart: !cursor, reachesEnd: true }))
    // The first message of all came while the empty page was on its way; there is nothing to load it next to.
    const { messages, hasNewer } = this.timeline.value
    if (messages.length === 0 && hasNewer && !this.error.value && !this.loading.value) await this.loadLatest()
  }

  loadAround(seq: number): Promise<void> {
    return this.#load({ around: seq, limit: PAGE_SIZE }, 'fresh', ({ cursor }) => ({ reachesStart: !cursor, reachesEnd: false }))
  }

  async loadOlder(): Promise<void> {
    const [oldest] = this.timeline.value.messages
    if (this.loading.value || !oldest || !this.timeline.value.hasOlder) return
    await this.#load({ before: oldest.seq, limit: PAGE_SIZE }, 'older', ({ cursor }) => ({ reachesStart: !cursor }))
  }

  async loadNewer(): Promise<void> {
    const newest = this.timeline.value.messages.at(-1)
    if (this.loading.value || !newest || !this.timeline.value.hasNewer) return
    await this.#load({ after: newest.seq, limit: PAGE_SIZE }, 'newer', ({ data }) => ({ reachesEnd: data.length < PAGE_SIZE }))
  }

  async #load(
    query: Record<string, number>,
    side: Page['side'],
    reach: (page: { data: Message[], cursor: string | undefined }) => Partial<Page>,
  ): Promise<void> {
    // A window that is loaded anew makes a page beside the old one worthless.
    const attempt = ++this.#attempt
    this.loading.value = side
    this.error.value = undefined
    const asOf = this.#ports.lastSeq()
    try {
      const page = await this.#ports.http.page<Message[]>(`/api/rooms/${this.roomId}/messages`, { query })
      if (attempt !== this.#attempt) return
      this.timeline.value = applyPage(this.timeline.value, { messages: page.data, side, asOf, ...reach(page) })
      this.isKnown.value = true
      this.isLoaded = true
    }
    catch (caught) {
      if (attempt === this.#attempt) this.error.value = toChatError(caught)
    }
    finally {
      if (attempt === this.#attempt) this.loading.value = undefined
    }
  }
}
