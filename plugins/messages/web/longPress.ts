/** A long press of a finger, which opens what a mouse reaches by hovering. */
import type { Ref } from 'vue'
import { onLongPress, useEventListener } from '@vueuse/core'

const LONG_MS = 450

/** `press` returns whether it has opened something. */
export function useTouchPress(target: Readonly<Ref<HTMLElement | null>>, press: (event: PointerEvent) => boolean): void {
  let hasOpened = false
  onLongPress(target, event => void (hasOpened = event.pointerType === 'touch' && press(event)), { delay: LONG_MS })
  // The finger is lifted over what has just been opened, and its click would close that again.
  useEventListener(target, 'touchend', (event: TouchEvent) => {
    if (hasOpened) event.preventDefault()
    hasOpened = false
  }, { passive: false })
}
