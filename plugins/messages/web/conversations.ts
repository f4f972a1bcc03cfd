/** The conversations of this page: fed by notices and by the room's log, a few of them kept for coming back quickly. */
import type { Registry, RoomLog } from '@webapp/plugin-api'
import type { MessageCache } from './messageCache'
import type { Catchup, Entry, EntryPayload, Message } from './types'
import { ROOM_LOG, serviceKey } from '@webapp/plugin-api'
import { watch } from 'vue'
import { Conversation } from './conversation'

const MOST_KEPT = 6
const EVENTS = ['messages.created', 'messages.updated', 'messages.deleted'] as const

export interface Conversations {
  /** The conversation of a room; asking for it keeps it longer than others. */
  of: (roomId: string) => Conversation
  /** Puts in a message that this client knows from its ack. */
  receive: (message: Message) => void
  /** Called for each message that arrives while its conversation is kept. */
  onCreated: (handler: (message: Message) => void) => () => void
}

export const CONVERSATIONS = serviceKey<Conversations>('messages.conversations')

type Ports = Pick<Registry, 'http' | 'socket' | 'session' | 'find' | 'onNotice'> & { cache: MessageCache }

export function createConversations({ http, socket, session, find, onNotice, cache }: Ports): Conversations {
  const kept = new Map<string, Conversation>()
  const handlers = new Set<(message: Message) => void>()
  const log = (): RoomLog | undefined => find(ROOM_LOG)

  function of(roomId: string): Conversation {
    const conversation = kept.get(roomId) ?? create(roomId)
    kept.delete(roomId)
    kept.set(roomId, conversation)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
    return conversation
  }

  function create(roomId: string): Conversation {
    const conversation = new Conversation(roomId, { http, lastSeq: () => log()?.lastSeq(roomId) ?? 0 })
    const user = session.user.value?.id
    if (user) void cache.load(user, roomId).then(messages => messages.length && conversation.restore(messages))
    return conversation
  }

  function apply(entry: Entry): void {
    const [event, payload] = entry
    const conversation = kept.get(payload.room)
    if (!conversation) return
    conversation.apply(entry)
    remember(conversation)
    if (event === 'messages.created') handlers.forEach(handler => handler(payload as Message))
  }

  function remember(conversation: Conversation): void {
    const user = session.user.value?.id
    const { messages, hasNewer } = conversation.timeline.value
    if (user && !hasNewer) cache.keep(user, conversation.roomId, messages)
  }

  async function reload(conversation: Conversation): Promise<void> {
    await conversation.reload()
    remember(conversation)
  }

  EVENTS.forEach(event => onNotice<EntryPayload>(event, payload => apply([event, payload])))
  log()?.onOpened(({ roomId, isReload }) => {
    const conversation = of(roomId)
    conversation.error.value = undefined
    if (isReload || !conversation.isLoaded) void reload(conversation)
  })
  log()?.syncWith((room, after) => socket.command<Catchup>('messages.sync', { room, after }))
  watch(() => session.user.value?.id, () => kept.clear())

  return {
    of,
    receive(message) {
      // Shown at once; the log learns that this entry is not missing.
      kept.get(message.room)?.apply(['messages.created', message])
      log()?.receive(message.room, [['messages.created', message]])
    },
    onCreated(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
  }
}
