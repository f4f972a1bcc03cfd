/** What other plugins may see of the composers, and do in the one that is shown. */
import type { Writing } from '@webapp/plugin-api'
import type { Drafts } from './drafts'
import { serviceKey } from '@webapp/plugin-api'

/** The composer's field. */
export interface Composer {
  insert: (text: string) => void
  refocus: () => void
}

export interface Composers extends Writing {
  /** The room's composer is on the page; returns what takes it away. */
  show: (roomId: string, composer: Composer) => () => void
}

export const COMPOSERS = serviceKey<Composers>('messages.composers')

export function createComposers(drafts: Pick<Drafts, 'get'>): Composers {
  const shown = new Map<string, Composer>()
  return {
    textIn: roomId => drafts.get(roomId).text,
    insert: (roomId, text) => shown.get(roomId)?.insert(text),
    focus: roomId => shown.get(roomId)?.refocus(),
    show(roomId, composer) {
      shown.set(roomId, composer)
      return () => shown.get(roomId) === composer && shown.delete(roomId)
    },
  }
}
