import type { Screen } from '../screen'
import { MESSAGES } from '@webapp/plugin-api'
import { mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { READING } from '../reading'
import { SCREEN } from '../screen'
import texts from '../locales/en.json'
import UnreadMarker from './UnreadMarker.vue'

/** A log whose messages are `messages`, with the divider behind `after`. */
function setUp(seq: number, { after, messages = [] as number[] }: { after?: number, messages?: number[] }) {
  const divider = ref(after)
  const shown: [number, boolean][] = []
  let see = (_isOnScreen: boolean): void => undefined
  const screen: Screen = {
    watch(_element, show) {
      see = show
      return () => show(false)
    },
  }
  const { part } = mountPart(UnreadMarker, {
    props: { roomId: 'a', seq },
    texts: { unread: texts },
    services: [
      [READING, { dividerOf: () => divider.value, show: (_room: string, which: number, isOn: boolean) => shown.push([which, isOn]) }],
      [SCREEN, screen],
      [MESSAGES, { find: (_room: string, which: number) => messages.includes(which) ? {} : undefined }],
    ],
  })
  return { part, divider, shown, see: (isOn: boolean) => see(isOn), hasDivider: () => part.find('[role=separator]').exists() }
}

describe('the divider', () => {
  it('stands before the first unread message, named for screen readers', () => {
    const { part } = setUp(6, { after: 5, messages: [5, 6, 7] })
    expect(part.get('[role=separator]').attributes('aria-label')).toBe('New')
  })

  it('stands before no other message', () => {
    expect(setUp(7, { after: 5, messages: [5, 6, 7] }).hasDivider()).toBe(false)
    expect(setUp(5, { after: 5, messages: [5, 6] }).hasDivider()).toBe(false)
    expect(setUp(6, { messages: [5, 6] }).hasDivider()).toBe(false)
  })

  it('leaps over entries that are no messages', () => {
    expect(setUp(9, { after: 5, messages: [5, 9] }).hasDivider()).toBe(true)
  })

  it('goes when the room is left', async () => {
    const { part, divider, hasDivider } = setUp(6, { after: 5, messages: [5, 6] })
    divider.value = undefined
    await part.vm.$nextTick()
    expect(hasDivider()).toBe(false)
  })
})

describe('a message', () => {
  it('counts as on the screen from when it comes until it leaves, or is taken out of the page', () => {
    const { part, shown, see } = setUp(6, {})
    see(true)
    part.unmount()
    expect(shown).toEqual([[6, true], [6, false]])
  })
})
