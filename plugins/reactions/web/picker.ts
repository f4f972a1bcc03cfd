/** The one picker of the page: who asked for an emoji, and where focus returns to. */
import type { ShallowRef } from 'vue'
import { serviceKey, useService } from '@webapp/plugin-api'
import { shallowRef } from 'vue'

export interface Picking {
  target: HTMLElement
  /** What the emoji is for. */
  title: string
  pick: (emoji: string) => void
}

export interface Picker {
  readonly current: Readonly<ShallowRef<Picking | undefined>>
  open: (picking: Picking) => void
  close: () => void
}

export const PICKER = serviceKey<Picker>('reactions.picker')

export function createPicker(): Picker {
  const current = shallowRef<Picking>()
  return {
    current,
    open: picking => void (current.value = picking),
    close: () => void (current.value = undefined),
  }
}

export const usePicker = (): Picker => useService(PICKER)()!
