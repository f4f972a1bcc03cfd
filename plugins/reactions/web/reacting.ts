/** Reacting to one message: a switch per emoji that says so when it fails, and the picker for all the others. */
import { useErrorText, useFeedback, useService } from '@webapp/plugin-api'
import { useI18n } from 'vue-i18n'
import { usePicker } from './picker'
import { REACTIONS } from './reactions'

export function useReacting(message: { readonly roomId: string, readonly seq: number }): {
  toggle: (emoji: string) => Promise<void>
  pickFrom: (event: MouseEvent) => void
} {
  const { t } = useI18n()
  const errorText = useErrorText()
  const feedback = useFeedback()
  const book = useService(REACTIONS)()!
  const picker = usePicker()

  async function toggle(emoji: string): Promise<void> {
    try {
      await book.toggle(message.roomId, message.seq, emoji)
    }
    catch (caught) {
      feedback.snackbar({ text: errorText(caught), isFailure: true })
    }
  }

  return {
    toggle,
    pickFrom: event => picker.open({ target: event.currentTarget as HTMLElement, title: t('reactions.add'), pick: emoji => void toggle(emoji) }),
  }
}
