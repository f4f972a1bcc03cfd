/** What people do with messages: write, edit, delete. Shown at once, and taken back if the server refuses. */
import type { Registry } from '@webapp/plugin-api'
import type { Conversations } from './conversations'
import type { Draft } from './drafts'
import type { SendAnswer } from './outbox'
import type { OutboxItem, OutboxKeeper } from './outboxKeeper'
import type { Message } from './types'
import { ATTACHMENTS, serviceKey } from '@webapp/plugin-api'
import { watch } from 'vue'
import { Outbox } from './outbox'

export interface MessageActions {
  readonly outbox: Outbox
  /** What lies in the room's tray goes along. */
  send: (roomId: string, draft: Draft) => void
  /** Forgets a message that has not been sent. */
  discard: (clientId: string) => void
  /** Forgets it, too, but puts what went with it back into the tray. */
  takeBack: (clientId: string) => OutboxItem | undefined
  /** Rejects if the server refuses; what is shown has been taken back then. */
  edit: (roomId: string, seq: number, text: string) => Promise<void>
  remove: (roomId: string, seq: number) => Promise<void>
}

export const MESSAGE_ACTIONS = serviceKey<MessageActions>('messages.actions')

type Ports = Pick<Registry, 'socket' | 'session' | 'find'> & { conversations: Conversations, keeper: OutboxKeeper }

export function createMessageActions({ socket, session, find, conversations, keeper }: Ports): MessageActions {
  const outbox = new Outbox({
    keeper,
    send: ({ room, text, clientId, replyTo, files }) => socket.command<SendAnswer>('messages.create', {
      room, text, client_id: clientId, ...(replyTo !== undefined && { reply_to: replyTo }), ...(files && { files: files.map(({ id }) => id) }),
    }),
    upload: async uploads => await find(ATTACHMENTS)?.upload(uploads) ?? [],
    onSent(item, answer) {
      receive(item, answer)
      find(ATTACHMENTS)?.release(item.uploads ?? [])
    },
    isConnected: () => socket.state.value === 'connected',
  })
  socket.onConnect(() => outbox.flush())
  watch(() => session.user.value?.id, user => void outbox.restore(user), { immediate: true })

  function receive({ room, author, text, replyTo, files, clientId }: OutboxItem, { seq, created_at }: SendAnswer): void {
    conversations.of(room).sentHere.set(seq, clientId)
    conversations.receive({ room, seq, author, text, created_at, ...(replyTo !== undefined && { reply_to: replyTo }), ...(files && { files }) })
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
      const uploads = find(ATTACHMENTS)?.take(roomId)
      outbox.add({
        clientId: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
        author: session.user.value!.id,
        room: roomId,
        text,
        replyTo,
        createdAt: new Date().toISOString(),
        after: conversations.of(roomId).timeline.value.newest,
        ...(uploads?.length && { uploads }),
        state: 'waiting',
      })
    },
    discard: clientId => void find(ATTACHMENTS)?.drop(outbox.remove(clientId)?.uploads ?? []),
    takeBack(clientId) {
      const item = outbox.remove(clientId)
      find(ATTACHMENTS)?.putBack(item?.uploads ?? [])
      return item
    },
    edit: (roomId, seq, text) => change('messages.update', roomId, seq, text),
    remove: (roomId, seq) => change('messages.delete', roomId, seq),
  }
}
