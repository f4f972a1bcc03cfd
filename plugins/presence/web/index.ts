/** Presence: dots at the avatars of those who are there, and the word to others that one is away. */
import type { State } from './people'
import { definePlugin, ROOM_LOG } from '@webapp/plugin-api'
import { followAttention } from './attention'
import PresenceDot from './components/PresenceDot.vue'
import { createPeople, PEOPLE } from './people'

export default definePlugin({
  id: 'presence',
  async setup(registry) {
    const people = createPeople(registry.http)
    registry.offer(PEOPLE, people)
    registry.onNotice<{ users: Record<string, State> }>('presence.updated', ({ users }) => people.update(users))
    // Without an answer the dots stay away; the next opening asks again.
    const ask = (roomId: string): void => void people.ask(roomId).catch(() => people.forget())
    const log = registry.find(ROOM_LOG)
    log?.onOpened(({ roomId }) => ask(roomId))
    const here = registry.router.currentRoute.value.params.roomId as string | undefined
    if (here && log?.lastSeq(here) !== undefined) ask(here)
    followAttention(registry.socket)
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('user.badge', { component: PresenceDot })
  },
})
