/** Presence: dots at the avatars of those who are there, how many they are, and the word to others that one is away. */
import type { PresenceNews } from './people'
import { definePlugin, PRESENCE, ROOM_LOG } from '@webapp/plugin-api'
import { followAttention } from './attention'
import OnlineCaption from './components/OnlineCaption.vue'
import PresenceDot from './components/PresenceDot.vue'
import { createPeople, PEOPLE } from './people'

export default definePlugin({
  id: 'presence',
  async setup(registry) {
    const people = createPeople(registry.http)
    let lastSeen: Promise<void> | undefined
    registry.offer(PEOPLE, people)
    registry.offer(PRESENCE, people)
    registry.onNotice<PresenceNews>('presence.updated', news => people.update(news))
    registry.onNotice<{ user: string }>('rooms.left', ({ user }) => people.leave(user))
    async function ask(roomId: string): Promise<void> {
      try {
        const answer = await people.ask(roomId)
        if (answer?.last_seen) await (lastSeen ??= import('./lastSeen').then(({ showLastSeen }) => showLastSeen(registry)))
      }
      catch {
        people.forget() // without an answer the dots stay away; the next opening asks again
      }
    }
    const log = registry.find(ROOM_LOG)
    log?.onOpened(({ roomId }) => void ask(roomId))
    const here = registry.router.currentRoute.value.params.roomId as string | undefined
    if (here && log?.lastSeq(here) !== undefined) void ask(here)
    followAttention(registry.socket)
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('user.badge', { component: PresenceDot })
    registry.fill('room.caption', { component: OnlineCaption })
  },
})
