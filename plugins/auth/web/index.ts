/** Guests: the name that they come in with, their session, their names for everybody else. */
import { definePlugin, GUESTS, storage, USERS } from '@webapp/plugin-api'
import { defineAsyncComponent, watch } from 'vue'
import AccountButton from './components/AccountButton.vue'
import { createGuestSession, GUEST_SESSION } from './guestSession'
import { createUserDirectory } from './userDirectory'

export default definePlugin({
  id: 'auth',
  async setup(registry) {
    const guestSession = createGuestSession({ ...registry, storage })
    const users = createUserDirectory(registry.http)
    watch(registry.session.user, user => user && users.learn([user]), { immediate: true })

    registry.offer(GUEST_SESSION, guestSession)
    registry.offer(GUESTS, guestSession)
    registry.offer(USERS, users)
    registry.fill('welcome.card', { component: defineAsyncComponent(() => import('./pages/JoinCard.vue')) })
    registry.fill('nav.account', { component: AccountButton })
    registry.addRoute({ path: '/link', component: () => import('./components/DeviceLinkPage.vue'), meta: { layout: 'plain', isPublic: true } })
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
  },
})
