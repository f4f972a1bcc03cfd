/** What people do with messages: write, edit, delete. Shown at once, and taken back if the server refuses. */
import type { Registry } from '@webapp/plugin-api'
import type { Conversations } from './conversations'
import type { Draft } from './drafts'
import type { SendAnswer } from './outbox'
import type { OutboxItem, OutboxKeeper } from './outboxKeeper'
import type { Message } from './types'
import { serviceKey } from '@webapp/plugin-api'
import { watch } from 'vue'
import { Outbox } from './outbox'

export interface MessageActions {
  readonly outbox: Outbox
  send: (roomId: string, draft: Draft) => void
  /** Rejects if the server refuses; what is shown has been taken back then. */
  edit: (roomId: string, seq: number, text: string) => Promise<void>
  remove: (roomId: string, seq: number) => Promise<void>
}

export const MESSAGE_ACTIONS = serviceKey<MessageActions>('messages.actions')

type Ports = Pick<Registry, 'socket' | 'session'> & { conversations: Conversations, keeper: OutboxKeeper }

export function createMessageActions({ socket, session, conversations, keeper }: Ports): MessageActions {
  const outbox = new Outbox({
    keeper,
    send: ({ room, text, clientId, replyTo }) =>
      socket.command<SendAnswer>('messages.create', { room, text, client_id: clientId, ...(replyTo !== undefined && { reply_to: replyTo }) }),
    onSent: receive,
    isConnected: () => socket.state.value === 'connected',
  })
  socket.onConnect(() => outbox.flush())
  watch(() => session.user.value?.id, user => void outbox.restore(user), { immediate: true })

  function receive({ room, author, text, replyTo, clientId }: OutboxItem, { seq, created_at }: SendAnswer): void {
    conversations.of(room).sentHere.set(seq, clientId)
    conversations.receive({ room, seq, author, text, created_at, ...(replyTo !== undefined && { reply_to: replyTo }) })
  }

  async function change(name: string, roomId: string, seq: number, text?: string): Promise<void> {
    const conversation = conversations.of(roomId)
    const shown = text === undefined ? { deleted: true as const } : { text }
    conversation.pending.set(seq, shown)
    try {
      conversation.applyAnswer(await socket.command<Message>(name, { room: roomId, seq, ...(text !== undefined && { text }) }))
    }
    finally {
      // A second change of the same message may be on its way by now.
      if (conversation.pending.get(seq) === shown) conversation.pending.delete(seq)
    }
  }

  return {
    outbox,
    send(roomId, { text, replyTo }) {
      outbox.add({
        clientId: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
        author: session.user.value!.id,
        room: roomId,
        text,
        replyTo,
        createdAt: new Date().toISOString(),
        after: conversations.of(roomId).timeline.value.newest,
        state: 'waiting',
      })
    },
    edit: (roomId, seq, text) => change('messages.update', roomId, seq, text),
    remove: (roomId, seq) => change('messages.delete', roomId, seq),
  }
}
