/** Puts the number of unread messages before the page's title, whoever sets that, and on the app's icon where there is one. */
import type { Ref } from 'vue'
import { useMutationObserver } from '@vueuse/core'
import { watch } from 'vue'

const BADGE = /^\(\d+\+?\) /
const MOST = 99

export function withBadge(title: string, count: number): string {
  const plain = title.replace(BADGE, '')
  return count > 0 ? `(${count > MOST ? `${MOST}+` : count}) ${plain}` : plain
}

export function badgeTitle(count: Readonly<Ref<number>>): void {
  function show(): void {
    const title = withBadge(document.title, count.value)
    if (title !== document.title) document.title = title
  }

  watch(count, (now) => {
    show()
    const done = now ? navigator.setAppBadge?.(now) : navigator.clearAppBadge?.()
    done?.catch(() => undefined) // the page may show no badge: it is not installed
  }, { immediate: true })
  useMutationObserver(document.querySelector('title'), show, { childList: true, characterData: true, subtree: true })
}
