/** Snackbars, confirmations and announcements: what is to be shown; `AppOverlays` and `LiveRegion` show it. */

import { shallowReactive, shallowRef } from 'vue'
import type { ShallowReactive, ShallowRef } from 'vue'
import type { ConfirmOptions, Feedback, SnackbarOptions } from '@webapp/plugin-api/context'

export interface ShownSnackbar extends SnackbarOptions { id: number }
export interface AskedConfirmation extends ConfirmOptions { answer: (isConfirmed: boolean) => void }

export interface FeedbackState {
  snackbars: ShallowReactive<ShownSnackbar[]>
  confirmation: ShallowRef<AskedConfirmation | undefined>
  announcement: ShallowRef<string>
}

const SNACKBAR_MS = 5_000

export function createFeedback(): { feedback: Feedback, state: FeedbackState } {
  const state: FeedbackState = {
    snackbars: shallowReactive([]),
    confirmation: shallowRef(),
    announcement: shallowRef(''),
  }
  let lastId = 0

  function snackbar(options: SnackbarOptions): () => void {
    const shown = { ...options, id: ++lastId }
    const close = () => {
      const index = state.snackbars.findIndex(other => other.id === shown.id)
      if (index >= 0) state.snackbars.splice(index, 1)
    }
    state.snackbars.push(shown)
    window.setTimeout(close, options.timeoutMs ?? SNACKBAR_MS)
    return close
  }

  function confirm(options: ConfirmOptions): Promise<boolean> {
    state.confirmation.value?.answer(false)
    return new Promise((resolve) => {
      state.confirmation.value = {
        ...options,
        answer(isConfirmed) {
          state.confirmation.value = undefined
          resolve(isConfirmed)
        },
      }
    })
  }

  function announce(text: string): void {
    // The same text twice is read twice only if the region changes in between.
    state.announcement.value = ''
    window.setTimeout(() => void (state.announcement.value = text), 50)
  }

  return { state, feedback: { snackbar, confirm, announce } }
}
