/** Who is there, as far as this page has been told: of the members of the room that is open. */
import type { Http } from '@webapp/plugin-api'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive } from 'vue'

export type State = 'online' | 'away' | 'offline'

export interface People {
  /** Reactive; undefined where nothing is known. */
  stateOf: (userId: string) => State | undefined
  /** The room has been opened: asks who is there. */
  ask: (roomId: string) => Promise<void>
  update: (users: Readonly<Record<string, State>>) => void
  /** Nothing is known any more. */
  forget: () => void
}

export const PEOPLE = serviceKey<People>('presence.people')

export function createPeople(http: Pick<Http, 'get'>): People {
  const states = shallowReactive(new Map<string, State>())
  let asked = 0
  /** What has come while an answer was on its way, and is newer. */
  let news: Record<string, State> = {}

  function update(users: Readonly<Record<string, State>>): void {
    news = { ...news, ...users }
    for (const [user, state] of Object.entries(users)) states.set(user, state)
  }

  return {
    stateOf: userId => states.get(userId),
    update,
    forget: () => states.clear(),
    async ask(roomId) {
      const mine = ++asked
      news = {}
      const { users } = await http.get<{ users: Record<string, State> }>(`/api/rooms/${roomId}/presence`)
      if (mine !== asked) return
      const now = { ...users, ...news }
      for (const user of states.keys()) if (!(user in now)) states.delete(user)
      update(now)
    },
  }
}
