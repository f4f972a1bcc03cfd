/** What somebody has begun to write, by room, kept over reloads. */
import type { SafeStorage, Session } from '@webapp/plugin-api'
import type { People } from './mentions'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive, watch } from 'vue'

export interface Draft {
  text: string
  /** Whom `@name` in the text means. */
  people?: People | undefined
  /** `seq` of the message that is answered. */
  replyTo?: number | undefined
}

export interface Drafts {
  /** Reactive. */
  get: (roomId: string) => Draft
  set: (roomId: string, draft: Draft) => void
}

export const DRAFTS = serviceKey<Drafts>('messages.drafts')

const KEPT = 'messages.drafts'
const EMPTY: Draft = { text: '' }

export function createDrafts(storage: SafeStorage, session: Pick<Session, 'user'>): Drafts {
  const drafts = shallowReactive(new Map<string, Draft>())

  watch(() => session.user.value?.id, (user) => {
    drafts.clear()
    readKept(storage.get(KEPT), user).forEach(([roomId, draft]) => drafts.set(roomId, draft))
  }, { immediate: true })

  return {
    get: roomId => drafts.get(roomId) ?? EMPTY,
    set(roomId, draft) {
      if (draft.text || draft.replyTo) drafts.set(roomId, draft)
      else drafts.delete(roomId)
      storage.set(KEPT, JSON.stringify({ user: session.user.value?.id, drafts: [...drafts] }))
    },
  }
}

function readKept(kept: string | undefined, user: string | undefined): [string, Draft][] {
  try {
    const found = JSON.parse(kept ?? '') as { user?: string, drafts?: [string, Draft][] }
    return user && found.user === user ? found.drafts ?? [] : []
  }
  catch {
    return []
  }
}
