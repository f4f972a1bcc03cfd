import type { PresenceState } from '@webapp/plugin-api'
import { mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it } from 'vitest'
import { shallowReactive } from 'vue'
import { LAST_SEEN } from '../lastSeen'
import { PEOPLE } from '../people'
import texts from '../locales/en.json'
import LastSeenCaption from './LastSeenCaption.vue'
import OnlineCaption from './OnlineCaption.vue'
import PresenceDot from './PresenceDot.vue'

describe('when a member was last seen', () => {
  it('is asked and shown once they are gone, and no more when they are back', async () => {
    const states = shallowReactive(new Map<string, PresenceState>([['ann', 'online']]))
    const times = shallowReactive(new Map<string, Date>())
    const asked: string[] = []
    const { part } = mountPart(LastSeenCaption, {
      props: { roomId: 'a', userId: 'ann' },
      texts: { presence: texts },
      services: [
        [PEOPLE, { stateOf: (id: string) => states.get(id) }],
        [LAST_SEEN, { of: (id: string) => times.get(id), ask: (room: string, id: string) => asked.push(`${room} ${id}`) }],
      ],
    })
    expect([asked, part.text()]).toEqual([[], ''])
    states.set('ann', 'offline')
    await part.vm.$nextTick()
    expect([asked, part.text()]).toEqual([['a ann'], ''])
    times.set('ann', new Date(Date.now() - 300_500))
    await part.vm.$nextTick()
    expect(part.text()).toBe('last seen 5 minutes ago')
    states.set('ann', 'online')
    await part.vm.$nextTick()
    expect(part.text()).toBe('')
  })
})

describe('how many are there', () => {
  it.each([[undefined, ''], [0, ''], [1, '1 online'], [4980, '4,980 online']])('%s is shown as "%s"', (online, text) => {
    const { part } = mountPart(OnlineCaption, { props: { roomId: 'a' }, texts: { presence: texts }, services: [[PEOPLE, { onlineIn: () => online }]] })
    expect(part.text()).toBe(text)
  })
})

describe('the dot of a person', () => {
  it.each(['online', 'away', 'offline'] as const)('has a shape and a word: %s', (state) => {
    const { part } = mountPart(PresenceDot, { props: { userId: 'ann' }, texts: { presence: texts }, services: [[PEOPLE, { stateOf: () => state }]] })
    expect(part.get('[role=img]').attributes('aria-label')).toBe(state)
    expect(part.get('[role=img]').classes()).toContain(state)
  })

  it('is not there where nothing is known', () => {
    const { part } = mountPart(PresenceDot, { props: { userId: 'ann' }, texts: { presence: texts }, services: [[PEOPLE, { stateOf: () => undefined }]] })
    expect(part.find('[role=img]').exists()).toBe(false)
  })
})
