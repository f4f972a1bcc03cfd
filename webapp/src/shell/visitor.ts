/** Whether somebody is signed in, kept for the next visit's first paint: the skeleton of the list, or of the welcome page. */

import { watch } from 'vue'
import type { Session } from '@webapp/plugin-api/session'
import { storage } from '@webapp/plugin-api/storage'

// The script in index.html reads the same name.
const KEY = 'shell.visitor'

export function rememberVisitor(session: Session): void {
  watch(() => session.user.value !== undefined, isGuest => isGuest ? storage.set(KEY, 'guest') : storage.remove(KEY))
}
