/** Messages that others answer: taken from what is loaded, else fetched once. */
import type { Http } from '@webapp/plugin-api'
import type { ComputedRef } from 'vue'
import type { Conversation } from './conversation'
import type { Message } from './types'
import { toChatError } from '@webapp/plugin-api'
import { computed } from 'vue'
import { findMessage } from './timeline'

/** `null`: not to be had. `undefined`: not known yet. */
export function useQuoted(conversation: Conversation, http: Pick<Http, 'get'>, seq: () => number): ComputedRef<Message | null | undefined> {
  const { quoted, roomId } = conversation

  async function fetchOne(wanted: number): Promise<void> {
    quoted.set(wanted, undefined)
    try {
      quoted.set(wanted, await http.get<Message>(`/api/rooms/${roomId}/messages/${wanted}`))
    }
    catch (caught) {
      if (toChatError(caught).isTemporary) quoted.delete(wanted)
      else quoted.set(wanted, null)
    }
  }

  return computed(() => {
    const wanted = seq()
    const loaded = findMessage(conversation.timeline.value, wanted)
    if (loaded) return loaded
    if (!quoted.has(wanted)) queueMicrotask(() => quoted.has(wanted) || void fetchOne(wanted))
    return quoted.get(wanted)
  })
}
