/** Unread counts: badges at the rooms and of the page, the divider, what has been read on this device, and word of mentions. */
import type { Count, CountNews } from './counts'
import { useDocumentVisibility, useEventListener, useWindowFocus } from '@vueuse/core'
import { definePlugin, ROOMS, storage } from '@webapp/plugin-api'
import { computed, defineAsyncComponent } from 'vue'
import MarkUnread from './components/MarkUnread.vue'
import UnreadBadge from './components/UnreadBadge.vue'
import UnreadMarker from './components/UnreadMarker.vue'
import { COUNTS, createCounts } from './counts'
import { createReading, READING } from './reading'
import { createScreen, SCREEN } from './screen'
import { addShortcuts } from './shortcuts'
import { badgePage } from './titleBadge'
import { createUntold } from './untold'

interface Message { room: string, seq: number, author: string, text?: string }

export default definePlugin({
  id: 'unread',
  async setup(registry) {
    const { http, socket, session, router, t } = registry
    const counts = createCounts()
    const visibility = useDocumentVisibility()
    const hasFocus = useWindowFocus()
    const isLookedAt = computed(() => visibility.value === 'visible' && hasFocus.value)
    const reading = createReading(socket, counts, createUntold(storage, session), isLookedAt)
    registry.offer(COUNTS, counts)
    registry.offer(READING, reading)
    registry.offer(SCREEN, createScreen())

    const me = (): string | undefined => session.user.value?.id
    function alert(roomId: string): void {
      if (isLookedAt.value) return
      const title = registry.find(ROOMS)?.find(roomId)?.name ?? ''
      const mentioned = { roomId, title, body: t('unread.mentioned'), open: () => void router.push(`/rooms/${roomId}`) }
      import('./alerts').then(({ alertOfMention }) => alertOfMention(storage, mentioned)).catch(() => undefined) // no connection
    }
    async function load(): Promise<void> {
      counts.reset((await http.get<{ rooms: Record<string, Count> }>('/api/unread')).rooms)
      reading.ready()
    }
    const tryToLoad = (): void => void load().catch(() => undefined) // the next connection asks again
    registry.onConnect(tryToLoad)
    if (socket.state.value === 'connected') tryToLoad()
    registry.onNotice<{ rooms: Record<string, CountNews> }>('unread.updated', ({ rooms }) => {
      if (Object.keys(rooms).length === 0) return reading.flush()
      for (const [room, news] of Object.entries(rooms)) if (news.mentions > (counts.of(room)?.mentions ?? 0)) alert(room)
      counts.update(rooms)
    })
    registry.onNotice<Message>('messages.created', ({ room, seq, author, text }) => {
      if (author === me()) return counts.read(room, seq)
      const isMention = text?.includes(`<@${me()}>`) ?? false
      reading.arrived(room, seq, isMention)
      if (isMention) alert(room)
    })
    registry.onNotice<{ room: string }>('rooms.removed', ({ room }) => counts.drop(room))
    router.afterEach(to => reading.enter(to.params.roomId as string | undefined))
    reading.enter(router.currentRoute.value.params.roomId as string | undefined)
    useEventListener(window, 'pagehide', () => reading.flush())
    badgePage(counts.total, counts.mentions)
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('room-row.end', { component: UnreadBadge, order: 10 })
    registry.fill('log.marker', { component: UnreadMarker })
    registry.fill('message.actions', { component: MarkUnread, order: 10 })
    registry.fill('account.section', { component: defineAsyncComponent(() => import('./components/AlertSettings.vue')) })
    addShortcuts(registry, counts)
  },
})
