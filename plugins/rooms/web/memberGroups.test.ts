import type { PresenceState } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { groupMembers } from './memberGroups'

const members = ['ann', 'bob', 'cid', 'dee', 'eve'].map(user => ({ user, joined_at: '' }))
const grouped = (states: Record<string, PresenceState>) =>
  groupMembers(members, user => states[user]).map(group => [group.state, group.members.map(({ user }) => user)])

describe('the groups of members', () => {
  it('begin with those who are there, and keep the order in each', () => {
    expect(grouped({ ann: 'offline', bob: 'online', cid: 'away', dee: 'online' }))
      .toEqual([['online', ['bob', 'dee']], ['away', ['cid']], ['offline', ['ann']], [undefined, ['eve']]])
  })

  it('are one where nothing is known', () => {
    expect(grouped({})).toEqual([[undefined, ['ann', 'bob', 'cid', 'dee', 'eve']]])
  })
})
