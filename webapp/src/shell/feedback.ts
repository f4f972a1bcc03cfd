/** Snackbars, confirmations and announcements: what is to be shown; `AppOverlays` and `LiveRegion` show it. */

import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { ConfirmOptions, SnackbarOptions } from '@webapp/plugin-api/context'

export interface ShownSnackbar extends SnackbarOptions { id: number }
export interface AskedConfirmation extends ConfirmOptions { answer: (isConfirmed: boolean) => void }

const SNACKBAR_MS = 5_000

export const useFeedbackStore = defineStore('feedback', () => {
  const snackbars = shallowReactive<ShownSnackbar[]>([])
  const confirmation = shallowRef<AskedConfirmation>()
  const announcement = shallowRef('')
  let lastId = 0

  function snackbar(options: SnackbarOptions): () => void {
    const shown = { ...options, id: ++lastId }
    const close = () => {
      const index = snackbars.findIndex(other => other.id === shown.id)
      if (index >= 0) snackbars.splice(index, 1)
    }
    snackbars.push(shown)
    window.setTimeout(close, options.timeoutMs ?? SNACKBAR_MS)
    return close
  }

  function confirm(options: ConfirmOptions): Promise<boolean> {
    confirmation.value?.answer(false)
    return new Promise((resolve) => {
      confirmation.value = {
        ...options,
        answer(isConfirmed) {
          confirmation.value = undefined
          resolve(isConfirmed)
        },
      }
    })
  }

  function announce(text: string): void {
    // The same text twice is read twice only if the region changes in between.
    announcement.value = ''
    window.setTimeout(() => void (announcement.value = text), 50)
  }

  return { snackbars, confirmation, announcement, snackbar, confirm, announce }
})
