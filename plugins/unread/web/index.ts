/** Unread counts: badges at the rooms and in the title, the divider, and what has been read on this device. */
import type { Count, CountNews } from './counts'
import { useDocumentVisibility, useEventListener, useWindowFocus } from '@vueuse/core'
import { definePlugin, ROOMS } from '@webapp/plugin-api'
import { computed } from 'vue'
import MarkUnread from './components/MarkUnread.vue'
import UnreadBadge from './components/UnreadBadge.vue'
import UnreadMarker from './components/UnreadMarker.vue'
import { COUNTS, createCounts } from './counts'
import { notifyOfMention } from './mentionNotice'
import { createReading, READING } from './reading'
import { createScreen, SCREEN } from './screen'
import { addShortcuts } from './shortcuts'
import { badgeTitle } from './titleBadge'

interface Message { room: string, seq: number, author: string, text?: string }

export default definePlugin({
  id: 'unread',
  async setup(registry) {
    const { http, socket, session, router, t } = registry
    const counts = createCounts()
    const visibility = useDocumentVisibility()
    const hasFocus = useWindowFocus()
    const reading = createReading(socket, counts, computed(() => visibility.value === 'visible' && hasFocus.value))
    registry.offer(COUNTS, counts)
    registry.offer(READING, reading)
    registry.offer(SCREEN, createScreen())

    const me = (): string | undefined => session.user.value?.id
    const notify = (room: string): void => notifyOfMention(registry.find(ROOMS)?.find(room)?.name ?? '', t('unread.mentioned'), room)
    async function load(): Promise<void> {
      counts.reset((await http.get<{ rooms: Record<string, Count> }>('/api/unread')).rooms)
      reading.ready()
    }
    const tryToLoad = (): void => void load().catch(() => undefined) // the next connection asks again
    registry.onConnect(tryToLoad)
    if (socket.state.value === 'connected') tryToLoad()
    registry.onNotice<{ rooms: Record<string, CountNews> }>('unread.updated', ({ rooms }) => {
      if (Object.keys(rooms).length === 0) return reading.flush()
      for (const [room, news] of Object.entries(rooms)) if (news.mentions > (counts.of(room)?.mentions ?? 0)) notify(room)
      counts.update(rooms)
    })
    registry.onNotice<Message>('messages.created', ({ room, seq, author, text }) => {
      if (author === me()) return counts.read(room, seq)
      const isMention = text?.includes(`<@${me()}>`) ?? false
      reading.arrived(room, seq, isMention)
      if (isMention) notify(room)
    })
    registry.onNotice<{ room: string }>('rooms.removed', ({ room }) => counts.drop(room))
    router.afterEach(to => reading.enter(to.params.roomId as string | undefined))
    reading.enter(router.currentRoute.value.params.roomId as string | undefined)
    useEventListener(window, 'pagehide', () => reading.flush())
    badgeTitle(counts.total)
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('room-row.end', { component: UnreadBadge, order: 10 })
    registry.fill('log.marker', { component: UnreadMarker })
    registry.fill('message.actions', { component: MarkUnread, order: 10 })
    addShortcuts(registry, counts)
  },
})
