/** The order of the list: rooms, then people. */
import type { Room } from './types'

export function groupsOf(rooms: readonly Room[]): { rooms: Room[], people: Room[] } {
  return { rooms: rooms.filter(room => !room.direct), people: rooms.filter(room => room.direct) }
}

export function inListOrder(rooms: readonly Room[]): Room[] {
  const groups = groupsOf(rooms)
  return [...groups.rooms, ...groups.people]
}
