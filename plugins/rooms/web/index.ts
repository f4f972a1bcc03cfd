/** Rooms: the list, the page of a room with its members, invitations, and the open room's log. */
import { mdiAccountMultipleOutline } from '@mdi/js'
import { definePlugin, ROOM_LOG, ROOMS, storage } from '@webapp/plugin-api'
import { defineAsyncComponent } from 'vue'
import ListActions from './components/ListActions.vue'
import RoomList from './components/RoomList.vue'
import { createLeaving, LEAVING } from './leaving'
import { followNotices } from './notices'
import { createPanel, PANEL } from './panel'
import { createRoomOpener, ROOM_OPENER } from './roomOpener'
import { createRoomStore, ROOM_STORE } from './roomStore'
import { addShortcuts } from './shortcuts'

export default definePlugin({
  id: 'rooms',
  async setup(registry) {
    const store = createRoomStore({ ...registry, storage })
    const opener = createRoomOpener(registry.socket)
    registry.offer(ROOM_STORE, store)
    registry.offer(ROOMS, store)
    registry.offer(ROOM_OPENER, opener)
    registry.offer(ROOM_LOG, opener.log)
    registry.offer(LEAVING, createLeaving(registry.socket, store))
    registry.offer(PANEL, createPanel(storage))
    followNotices(registry, store, opener)

    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    const { t } = registry
    registry.fill('nav.actions', { component: ListActions })
    registry.fill('nav.list', { component: RoomList })
    registry.fill('welcome.card', { component: defineAsyncComponent(() => import('./components/PasteInvite.vue')), order: 10 })
    registry.fill('welcome.section', { component: defineAsyncComponent(() => import('./components/OpenRooms.vue')) })
    registry.fill('home.section', { component: defineAsyncComponent(() => import('./components/PublicRooms.vue')) })
    registry.fill('room.panel', {
      component: defineAsyncComponent(() => import('./components/MembersPanel.vue')),
      label: () => t('rooms.members'),
      icon: mdiAccountMultipleOutline,
    })
    registry.fill('log.empty', { component: defineAsyncComponent(() => import('./components/EmptyRoom.vue')) })
    registry.addRoute({ path: '/rooms', component: () => import('./components/DiscoverPage.vue') })
    registry.addRoute({ path: '/rooms/:roomId', component: () => import('./pages/RoomPage.vue'), props: true })
    registry.addRoute({ path: '/invite', component: () => import('./components/InvitePage.vue'), meta: { layout: 'plain', isPublic: true } })
    addShortcuts(registry, store, t)
  },
})
