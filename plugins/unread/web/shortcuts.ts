/** Keys that lead from one unread room to the next. */
import type { Registry } from '@webapp/plugin-api'
import type { Counts } from './counts'

export function addShortcuts({ addCommand, router, t }: Registry, counts: Counts): void {
  function go(step: 1 | -1): void {
    const here = router.currentRoute.value.params.roomId
    const others = counts.rooms.value.filter(room => room !== here)
    const next = others.at(step === 1 ? 0 : -1)
    if (next) void router.push(`/rooms/${next}`)
  }
  addCommand({ id: 'unread.next', label: () => t('unread.next'), keys: 'Alt+Shift+ArrowDown', run: () => go(1) })
  addCommand({ id: 'unread.previous', label: () => t('unread.previous'), keys: 'Alt+Shift+ArrowUp', run: () => go(-1) })
}
