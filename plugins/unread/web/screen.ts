/** Tells which messages are on the screen: one observer for all rows. */
import { serviceKey } from '@webapp/plugin-api'

export interface Screen {
  /** Calls `show` when `element` comes onto the screen and when it leaves it; returns what ends it. */
  watch: (element: Element, show: (isOnScreen: boolean) => void) => () => void
}

export const SCREEN = serviceKey<Screen>('unread.screen')

export function createScreen(): Screen {
  const watchers = new WeakMap<Element, (isOnScreen: boolean) => void>()
  const observer = new IntersectionObserver(entries => entries.forEach(entry => watchers.get(entry.target)?.(entry.isIntersecting)))
  return {
    watch(element, show) {
      watchers.set(element, show)
      observer.observe(element)
      return () => {
        observer.unobserve(element)
        show(false)
      }
    },
  }
}
