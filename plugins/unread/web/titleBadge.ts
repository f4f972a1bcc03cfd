/** Shows outside of the page that something is unread: before its title, whoever sets that, and on its icon and the app's. */
import type { Ref } from 'vue'
import type { Badge } from './favicon'
import { useMutationObserver } from '@vueuse/core'
import { watch } from 'vue'

const BADGE = /^\(\d+\+?\) /
const MOST = 99

export function withBadge(title: string, count: number): string {
  const plain = title.replace(BADGE, '')
  return count > 0 ? `(${count > MOST ? `${MOST}+` : count}) ${plain}` : plain
}

export function badgePage(count: Readonly<Ref<number>>, mentions: Readonly<Ref<number>>): void {
  let icon: Promise<(badge: Badge) => Promise<void>> | undefined

  function showInTitle(): void {
    const title = withBadge(document.title, count.value)
    if (title !== document.title) document.title = title
  }

  function showOnIcon(): void {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (!link || !(count.value || icon)) return
    icon ??= import('./favicon').then(({ createFavicon }) => createFavicon(link))
    // The browser remembers a chunk that did not come; then the title has to do.
    icon.then(show => show(mentions.value ? 'mention' : count.value ? 'unread' : 'none')).catch(() => undefined)
  }

  watch([count, mentions], ([now]) => {
    showInTitle()
    showOnIcon()
    const done = now ? navigator.setAppBadge?.(now) : navigator.clearAppBadge?.()
    done?.catch(() => undefined) // the page may show no badge: it is not installed
  }, { immediate: true })
  useMutationObserver(document.querySelector('title'), showInTitle, { childList: true, characterData: true, subtree: true })
}
