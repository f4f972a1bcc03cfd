/** The reactions of the messages that this page knows, and changing one's own: shown at once, taken back alone if refused. */
import type { MessageDirectory, MessageFacts, Session, Socket } from '@webapp/plugin-api'
import type { Chip, Reactions, Told } from './tally'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive } from 'vue'
import { tally } from './tally'

export interface Updated { room: string, seq: number, target: number, emoji: string, users: string[] }

export interface ReactionBook {
  /** Reactive. */
  of: (roomId: string, seq: number) => Chip[]
  update: (news: Updated) => void
  /** Adds one's own reaction, or takes it away; rejects with a `ChatError` if the server refuses. */
  toggle: (roomId: string, seq: number, emoji: string) => Promise<void>
}

export const REACTIONS = serviceKey<ReactionBook>('reactions.book')

export interface ReactionPorts {
  socket: Pick<Socket, 'command'>
  session: Pick<Session, 'user'>
  messages: () => MessageDirectory | undefined
}

type Message = MessageFacts & { version?: number, reactions?: Reactions }

const NONE: ReadonlyMap<never, never> = new Map<never, never>()

export function createReactionBook({ socket, session, messages }: ReactionPorts): ReactionBook {
  const told = shallowReactive(new Map<string, ReadonlyMap<string, Told>>())
  const pending = shallowReactive(new Map<string, ReadonlyMap<string, boolean>>())
  const keyOf = (roomId: string, seq: number): string => `${roomId} ${seq}`

  function of(roomId: string, seq: number): Chip[] {
    const message = messages()?.find(roomId, seq) as Message | undefined
    if (!message || message.deleted) return []
    const key = keyOf(roomId, seq)
    return tally({
      reactions: message.reactions,
      version: message.version ?? 0,
      told: told.get(key) ?? NONE,
      pending: pending.get(key) ?? NONE,
      me: session.user.value?.id,
    })
  }

  function expect(key: string, emoji: string, isAdding: boolean | undefined): void {
    const others = new Map(pending.get(key))
    if (isAdding === undefined) others.delete(emoji)
    else others.set(emoji, isAdding)
    pending.set(key, others)
  }

  return {
    of,
    update({ room, seq, target, emoji, users }) {
      const key = keyOf(room, target)
      if ((told.get(key)?.get(emoji)?.seq ?? 0) < seq) told.set(key, new Map(told.get(key)).set(emoji, { seq, users }))
    },
    async toggle(roomId, seq, emoji) {
      const key = keyOf(roomId, seq)
      const isAdding = !of(roomId, seq).some(chip => chip.emoji === emoji && chip.isMine)
      expect(key, emoji, isAdding)
      try {
        // The notice comes before the ack, so nothing flickers when the pending one goes.
        await socket.command(isAdding ? 'reactions.add' : 'reactions.remove', { room: roomId, seq, emoji })
      }
      finally {
        if (pending.get(key)?.get(emoji) === isAdding) expect(key, emoji, undefined)
      }
    },
  }
}
