/** Messages: the conversation of a room, what is on its way into it, and what has been begun. */
import { definePlugin, MESSAGES, storage, WRITING } from '@webapp/plugin-api'
import { defineAsyncComponent } from 'vue'
import { createMessageActions, MESSAGE_ACTIONS } from './actions'
import DraftMark from './components/DraftMark.vue'
import { CONVERSATIONS, createConversations } from './conversations'
import { openMessagesDatabase } from './database'
import { createDrafts, DRAFTS } from './drafts'
import { createMessageCache } from './messageCache'
import { createOutboxKeeper } from './outboxKeeper'
import { findMessage } from './timeline'
import { COMPOSERS, createComposers } from './writing'

export default definePlugin({
  id: 'messages',
  async setup(registry) {
    const database = openMessagesDatabase()
    const conversations = createConversations({ ...registry, cache: createMessageCache(database) })
    registry.offer(CONVERSATIONS, conversations)
    registry.offer(MESSAGES, { find: (roomId, seq) => findMessage(conversations.of(roomId).timeline.value, seq) })
    registry.offer(MESSAGE_ACTIONS, createMessageActions({ ...registry, conversations, keeper: createOutboxKeeper(database) }))
    const drafts = createDrafts(storage, registry.session)
    registry.offer(DRAFTS, drafts)
    const composers = createComposers(drafts)
    registry.offer(COMPOSERS, composers)
    registry.offer(WRITING, composers)
    registry.fill('room.main', { component: defineAsyncComponent(() => import('./pages/ConversationView.vue')) })
    registry.fill('room-row.end', { component: DraftMark })
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
  },
})
