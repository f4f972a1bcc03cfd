/** Reactions: emoji under messages, and the picker for them, which the composer uses too. */
import type { Updated } from './reactions'
import { definePlugin, MESSAGES } from '@webapp/plugin-api'
import AddReaction from './components/AddReaction.vue'
import ComposerEmoji from './components/ComposerEmoji.vue'
import PickerHost from './components/PickerHost.vue'
import ReactionBar from './components/ReactionBar.vue'
import { createPicker, PICKER } from './picker'
import { createReactionBook, REACTIONS } from './reactions'

export default definePlugin({
  id: 'reactions',
  async setup(registry) {
    const book = createReactionBook({ ...registry, messages: () => registry.find(MESSAGES) })
    registry.offer(REACTIONS, book)
    registry.offer(PICKER, createPicker())
    registry.onNotice<Updated>('reactions.updated', news => book.update(news))
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('message.footer', { component: ReactionBar })
    registry.fill('message.actions', { component: AddReaction })
    registry.fill('log.status', { component: PickerHost })
    registry.fill('composer.end', { component: ComposerEmoji })
  },
})
