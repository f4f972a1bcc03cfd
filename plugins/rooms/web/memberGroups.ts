/** Members by whether they are there, as far as that is known. */
import type { PresenceState } from '@webapp/plugin-api'
import type { Member } from './types'

export interface MemberGroup {
  /** None for those of whom nothing is known. */
  state: PresenceState | undefined
  members: Member[]
}

const ORDER = ['online', 'away', 'offline', undefined] as const

/** Returns the groups that have somebody in them; within each, members stay in their order. */
export function groupMembers(members: readonly Member[], stateOf: (userId: string) => PresenceState | undefined): MemberGroup[] {
  return ORDER
    .map(state => ({ state, members: members.filter(({ user }) => stateOf(user) === state) }))
    .filter(group => group.members.length)
}
