/** Runs the commands of all plugins by their keys, and opens the help at `?`. */

import { ref } from 'vue'
import type { Ref } from 'vue'
import { useEventListener } from '@vueuse/core'
import { useShell } from '@webapp/plugin-api/context'
import { isPressed } from './keyCombination'

export function useShortcuts(): { isHelpOpen: Ref<boolean> } {
  const { contributions } = useShell()
  const isHelpOpen = ref(false)

  useEventListener(document, 'keydown', (event) => {
    if (event.defaultPrevented) return
    if (isPressed(event, '?') && !isTyping(event)) {
      isHelpOpen.value = true
      return
    }
    const command = [...contributions.commands.values()].find(({ keys }) => isPressed(event, keys))
    if (!command) return
    event.preventDefault()
    command.run()
  })
  return { isHelpOpen }
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
}
