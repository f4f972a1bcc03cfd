/** Typing: who is writing in the room that is open. */
import { definePlugin } from '@webapp/plugin-api'
import TypingLine from './components/TypingLine.vue'
import { createTelling, TELLING } from './telling'
import { createTypists, TYPISTS } from './typists'

export default definePlugin({
  id: 'typing',
  async setup(registry) {
    const typists = createTypists()
    const telling = createTelling(registry.socket)
    registry.offer(TYPISTS, typists)
    registry.offer(TELLING, telling)
    registry.onNotice<{ room: string, users: string[] }>('typing.updated', ({ room, users }) => typists.update(room, users))
    registry.onNotice<{ room: string, author: string }>('messages.created', ({ room, author }) => {
      typists.end(room, author)
      if (author === registry.session.user.value?.id) telling.ended(room)
    })
    registry.onNotice<{ room: string, user: string }>('rooms.left', ({ room, user }) => typists.end(room, user))
    registry.onConnect(() => typists.clear())
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('log.status', { component: TypingLine })
  },
})
