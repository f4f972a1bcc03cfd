import type { Telling } from '../telling'
import { USERS, WRITING } from '@webapp/plugin-api'
import { ME, mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it } from 'vitest'
import { nextTick, reactive } from 'vue'
import { TELLING } from '../telling'
import { createTypists, TYPISTS } from '../typists'
import texts from '../locales/en.json'
import TypingLine from './TypingLine.vue'

function setUp() {
  const typists = createTypists()
  const drafts = reactive<Record<string, string>>({ a: 'a draft', b: '' })
  const told: string[] = []
  const telling: Telling = {
    wrote: (room, text) => void told.push(`wrote ${room} ${text}`),
    ended: room => void told.push(`ended ${room}`),
  }
  const { part } = mountPart(TypingLine, {
    props: { roomId: 'a' },
    texts: { typing: texts },
    services: [
      [TYPISTS, typists], [TELLING, telling],
      [USERS, { nameOf: (id: string) => id === 'unknown' ? undefined : id.toUpperCase() }],
      [WRITING, { textIn: (room: string) => drafts[room] }],
    ],
  })
  return { typists, drafts, told, part }
}

describe('the line under the log', () => {
  it('names up to three who are writing, and never oneself', async () => {
    const { typists, part } = setUp()
    expect(part.text()).toBe('')
    for (const [users, text] of [
      [[ME], ''],
      [['ann', ME], 'ANN is typing'],
      [['ann', 'bob'], 'ANN and BOB are typing'],
      [['ann', 'bob', 'unknown', 'dee'], 'ANN, BOB and … are typing'],
    ] as const) {
      typists.update('a', users)
      await nextTick()
      expect(part.text()).toBe(text)
    }
  })

  it('is not told by screen readers, and shows names as text', async () => {
    const { typists, part } = setUp()
    typists.update('a', ['<b>'])
    await nextTick()
    expect(part.find('[aria-live], [role=status], b').exists()).toBe(false)
    expect(part.text()).toBe('<B> is typing')
  })

  it('tells the others when one writes, but of no draft that was there, and that it is over when the room is left', async () => {
    const { drafts, told, part } = setUp()
    drafts.a = 'a draft!'
    await nextTick()
    await part.setProps({ roomId: 'b' })
    expect(told).toEqual(['wrote a a draft!'])
    part.unmount()
    expect(told.at(-1)).toBe('ended b')
  })
})
