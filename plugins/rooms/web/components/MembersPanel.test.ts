import type { PresenceState } from '@webapp/plugin-api'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { PRESENCE, USERS } from '@webapp/plugin-api'
import { ME, mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { defineComponent, shallowReactive } from 'vue'
import { ROOM_STORE } from '../roomStore'
import texts from '../locales/en.json'
import MembersPanel from './MembersPanel.vue'

async function setUp({ members = ['ann', 'bob', ME], hasPresence = true, cursor = undefined as string | undefined } = {}) {
  const states = shallowReactive(new Map<string, PresenceState>())
  const met: (readonly string[])[] = []
  const { part, contributions } = mountPart(MembersPanel, {
    props: { roomId: 'a' },
    texts: { rooms: texts },
    use: [VueQueryPlugin, createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] })],
    shell: { http: { page: () => Promise.resolve({ data: members.map(user => ({ user, joined_at: '' })), cursor }) } as never },
    services: [
      [ROOM_STORE, { get: () => ({ created_by: 'ann' }) }],
      [USERS, { nameOf: (id: string) => id.toUpperCase() }],
      ...hasPresence ? [[PRESENCE, { stateOf: (id: string) => states.get(id), meet: (ids: readonly string[]) => met.push(ids) }] as const] : [],
    ],
  })
  const groups = () => part.findAll('section[aria-label]').map(group => `${group.get('h3').text()}: ${group.findAll('bdi').map(name => name.text()).join(' ')}`)
  await vi.waitFor(() => expect(part.findAll('bdi')).toHaveLength(members.length))
  return { part, contributions, states, met, groups }
}

describe('the members of a room', () => {
  it('stand by who is there, follow when that changes, and are made known to presence', async () => {
    const { part, states, met, groups } = await setUp()
    expect([groups(), met.at(-1)]).toEqual([[], ['ann', 'bob', ME]])
    states.set('ann', 'away').set('bob', 'offline').set(ME, 'online')
    await part.vm.$nextTick()
    expect(groups()).toEqual(['Online, 1: ME', 'Away, 1: ANN', 'Offline, 1: BOB'])
    states.set('ann', 'online')
    await part.vm.$nextTick()
    expect(groups()).toEqual(['Online, 2: ANN ME', 'Offline, 1: BOB'])
    part.unmount()
    expect(met.at(-1)).toEqual([])
  })

  it('are one list without presence', async () => {
    const { groups, part } = await setUp({ hasPresence: false })
    expect([groups(), part.findAll('li').length]).toEqual([[], 3])
  })

  it('are not counted where there are more of them than are shown', async () => {
    const { part, states, groups } = await setUp({ cursor: 'bob' })
    states.set('ann', 'online')
    await part.vm.$nextTick()
    expect(groups()).toEqual(['Online: ANN'])
    expect(part.findAll('button').at(-1)!.text()).toBe('Show more')
  })

  it('have room for what others tell of each', async () => {
    const { part, contributions } = await setUp()
    contributions.add('member.caption', { pluginId: 'presence', component: defineComponent({ props: ['roomId', 'userId'], setup: props => () => `seen ${props.userId}` }) })
    await part.vm.$nextTick()
    expect(part.text()).toContain('seen ann')
  })
})
