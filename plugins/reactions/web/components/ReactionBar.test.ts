import { ChatError, USERS } from '@webapp/plugin-api'
import { ME, mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createPicker, PICKER } from '../picker'
import { REACTIONS } from '../reactions'
import texts from '../locales/en.json'
import ReactionBar from './ReactionBar.vue'

function setUp(chips: { emoji: string, users: string[], isMine: boolean }[]) {
  const shown = ref(chips)
  const toggle = vi.fn<(...message: unknown[]) => Promise<void>>().mockResolvedValue()
  const picker = createPicker()
  const mounted = mountPart(ReactionBar, {
    props: { roomId: 'a', seq: 5 },
    texts: { reactions: texts, shell: { errors: { forbidden: 'Not allowed.' } } },
    services: [[REACTIONS, { of: () => shown.value, toggle }], [PICKER, picker], [USERS, { nameOf: (id: string) => id.toUpperCase() }]],
  })
  return { ...mounted, shown, toggle, picker }
}

describe('the reactions of a message', () => {
  it('take no place where there are none', () => {
    expect(setUp([]).part.find('*').exists()).toBe(false)
  })

  it('are switches that say how many and who', () => {
    const { part } = setUp([{ emoji: '🎉', users: ['ann', ME], isMine: true }, { emoji: '🦔', users: ['ann'], isMine: false }])
    const [party, hedgehog] = part.findAll('button')
    expect(part.get('[role=group]').attributes('aria-label')).toBe('Reactions')
    expect(party!.attributes()).toMatchObject({ 'aria-pressed': 'true', 'aria-label': '2 reacted with 🎉', 'title': 'ANN, ME' })
    expect(hedgehog!.attributes()).toMatchObject({ 'aria-pressed': 'false', 'aria-label': '1 reacted with 🦔' })
  })

  it('name eight people and count the rest', () => {
    const users = Array.from({ length: 11 }, (_, number) => `g${number}`)
    const { part } = setUp([{ emoji: '🎉', users, isMine: false }])
    expect(part.get('button').attributes('title')).toBe('G0, G1, G2, G3, G4, G5, G6, G7 and 3 more')
  })

  it('are toggled by a click, and a refusal is told', async () => {
    const { part, toggle, snackbars } = setUp([{ emoji: '🎉', users: ['ann'], isMine: false }])
    await part.get('button').trigger('click')
    expect(toggle).toHaveBeenCalledWith('a', 5, '🎉')
    expect(snackbars).toEqual([])
    toggle.mockRejectedValueOnce(new ChatError({ kind: 'forbidden', code: 'reactions.too_many_kinds', message: '', details: {}, trace_id: '' }))
    await part.get('button').trigger('click')
    await vi.waitFor(() => expect(snackbars).toEqual([{ text: 'This message has enough different emoji.', isFailure: true }]))
  })

  it('lead to the picker, whose choice is toggled, too', async () => {
    const { part, picker, toggle } = setUp([{ emoji: '🎉', users: ['ann'], isMine: false }])
    const add = part.get('[aria-label="Add a reaction"]')
    await add.trigger('click')
    expect(picker.current.value).toMatchObject({ target: add.element, title: 'Add a reaction' })
    picker.current.value!.pick('🦔')
    expect(toggle).toHaveBeenCalledWith('a', 5, '🦔')
  })
})
