import { ROOMS, USERS } from '@webapp/plugin-api'
import { ME, mountPart } from '@webapp/plugin-api/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, provide, ref } from 'vue'
import { LOG_CONTEXT } from '../logContext'
import texts from '../locales/en.json'
import WritingField from './WritingField.vue'

const NAMES: Record<string, string> = { [ME]: 'Mia', ann: 'Mina', bob: 'Mina Park', cid: 'Cid' }
const text = ref('')
const people = ref<unknown>()
const pressed: string[] = []
const field = ref<InstanceType<typeof WritingField>>()

const Host = defineComponent({
  setup() {
    provide(LOG_CONTEXT, { conversation: { roomId: 'a' } } as never)
    return () => h(WritingField, {
      'ref': field, 'label': 'Write', 'modelValue': text.value, 'people': people.value as never,
      'onUpdate:modelValue': (now: string) => void (text.value = now),
      'onUpdate:people': (now: unknown) => void (people.value = now),
      'onPress': (event: KeyboardEvent) => void pressed.push(event.key),
    })
  },
})

async function setUp() {
  const { part } = mountPart(Host, {
    texts: { messages: texts },
    services: [[ROOMS, { memberIds: () => Promise.resolve(Object.keys(NAMES)) }], [USERS, { nameOf: (id: string) => NAMES[id] }]],
  })
  const area = part.get('textarea')
  const write = async (now: string) => {
    await area.setValue(now)
    await new Promise(resolve => setTimeout(resolve))
  }
  const options = () => part.findAll('[role=option]').map(option => option.text().replace(/^M(?=M)|^C(?=C)/, ''))
  const active = () => part.find('[aria-selected=true]')
  return { part, area, write, options, active }
}

afterEach(() => {
  text.value = ''
  people.value = undefined
  pressed.length = 0
  document.body.replaceChildren()
})

describe('mentioning somebody', () => {
  it('offers the others whose name begins so, and tells screen readers which is chosen', async () => {
    const { part, area, write, options, active } = await setUp()
    await write('hi @m')
    expect(options()).toEqual(['Mina', 'Mina Park'])
    expect(part.get('[role=listbox]').attributes()).toMatchObject({ 'id': area.attributes('aria-controls'), 'aria-label': 'Mention somebody' })
    expect(area.attributes()).toMatchObject({ 'aria-activedescendant': active().attributes('id'), 'aria-autocomplete': 'list' })
    await area.trigger('keydown', { key: 'ArrowDown' })
    expect(active().text()).toContain('Mina Park')
    expect(area.attributes('aria-activedescendant')).toBe(active().attributes('id'))
    await area.trigger('keydown', { key: 'ArrowDown' })
    expect(active().text()).not.toContain('Park')
    expect(pressed).toEqual([])
  })

  it('puts the name in, remembers whom it means, and leaves the keys to the composer again', async () => {
    const { area, write, options } = await setUp()
    await write('hi @mina p')
    await area.trigger('keydown', { key: 'Enter' })
    expect([text.value, people.value, options()]).toEqual(['hi @Mina Park ', [['Mina Park', 'bob']], []])
    expect(area.attributes('aria-activedescendant')).toBeUndefined()
    await area.trigger('keydown', { key: 'Enter' })
    expect(pressed).toEqual(['Enter'])
  })

  it('is put aside by Escape, until another one is begun', async () => {
    const { area, write, options } = await setUp()
    await write('@m')
    await area.trigger('keydown', { key: 'Escape' })
    expect(options()).toEqual([])
    await write('@mi')
    expect([options(), pressed]).toEqual([[], []])
    await write('@mi @c')
    expect(options()).toEqual(['Cid'])
  })

  it('takes no key of an input method for a choice', async () => {
    const { area, write, options } = await setUp()
    await write('@m')
    await area.trigger('keydown', { key: 'Enter', isComposing: true })
    expect([text.value, options().length]).toEqual(['@m', 2])
  })

  it('can be chosen by a finger', async () => {
    const { part, write } = await setUp()
    await write('@c')
    await part.get('[role=option]').trigger('pointerdown')
    expect(text.value).toBe('@Cid ')
  })
})

describe('the field', () => {
  it('takes what others put in at the caret, and has the caret behind it', async () => {
    const { area, write } = await setUp()
    await write('ab')
    area.element.setSelectionRange(1, 1)
    field.value!.insert('🦔')
    await nextTick()
    await nextTick()
    expect([text.value, area.element.selectionStart, document.activeElement]).toEqual(['a🦔b', 3, area.element])
  })
})
