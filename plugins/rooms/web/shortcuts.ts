/** Going through the list of rooms by keyboard. */
import type { Registry } from '@webapp/plugin-api'
import type { RoomStore } from './roomStore'
import { inListOrder } from './listOrder'

export function addShortcuts({ addCommand, router }: Registry, store: RoomStore, t: (key: string) => string): void {
  function go(step: 1 | -1): void {
    const rooms = inListOrder(store.rooms.value ?? [])
    if (rooms.length === 0) return
    const at = rooms.findIndex(room => room.id === router.currentRoute.value.params.roomId)
    const next = at < 0 && step < 0 ? rooms.length - 1 : (at + step + rooms.length) % rooms.length
    void router.push(`/rooms/${rooms[next]!.id}`)
  }

  addCommand({ id: 'rooms.previous', label: () => t('rooms.previous'), keys: 'Alt+ArrowUp', run: () => go(-1) })
  addCommand({ id: 'rooms.next', label: () => t('rooms.next'), keys: 'Alt+ArrowDown', run: () => go(1) })
}
