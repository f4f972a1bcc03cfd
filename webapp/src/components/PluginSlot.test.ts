import { defineComponent, h, ref } from 'vue'
import { mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import PluginSlot from './PluginSlot.vue'
import { SHELL } from '@webapp/plugin-api/context'
import type { Shell } from '@webapp/plugin-api/context'
import { ChatError } from '@webapp/plugin-api/errors'
import { Contributions } from '@webapp/plugin-api/registry'

const isBroken = ref(true)
const Fragile = defineComponent({ props: ['roomId'], setup: props => () => {
  if (isBroken.value) throw new Error('a defect')
  return h('p', `fragile in ${props.roomId}`)
} })
const Sound = defineComponent({ props: ['roomId'], setup: props => () => h('p', `sound in ${props.roomId}`) })

let contributions: Contributions
const snackbar = vi.fn()
beforeEach(() => {
  isBroken.value = true
  contributions = new Contributions()
  vi.spyOn(console, 'error').mockReturnValue()
})

function mountSlot(isQuiet = false) {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { shell: { pluginFailed: () => 'a problem', reload: () => 'Reload', errors: { not_found: () => 'not here' } } } } })
  return mount(PluginSlot<'room.main'>, {
    props: { name: 'room.main', context: { roomId: 'room_1' }, isQuiet },
    global: { plugins: [i18n], provide: { [SHELL as symbol]: { contributions, feedback: { snackbar } } as unknown as Shell } },
  })
}

describe('PluginSlot', () => {
  it('tells of an action that failed, and keeps what is shown', async () => {
    const click = () => Promise.reject(new ChatError({ kind: 'not_found', code: 'rooms.gone', message: '', details: {}, trace_id: '' }))
    contributions.add('room.main', { pluginId: 'sound', component: { render: () => h('button', { onClick: click }, 'still here') } })
    const slot = mountSlot()
    await slot.get('button').trigger('click')
    await vi.waitFor(() => expect(snackbar).toHaveBeenCalledWith({ text: 'not here', isFailure: true }))
    expect(slot.text()).toBe('still here')
  })

  it('shows contributions in their order with what the slot passes, and lets them go', async () => {
    contributions.add('room.main', { pluginId: 'late', component: Sound, order: 10 })
    const remove = contributions.add('room.main', { pluginId: 'early', component: { render: () => h('i', 'first') } })
    const slot = mountSlot()
    expect(slot.text()).toBe('firstsound in room_1')
    remove()
    await slot.vm.$nextTick()
    expect(slot.text()).toBe('sound in room_1')
  })

  it('keeps a crash inside the contribution that crashed, and tries again when asked', async () => {
    contributions.add('room.main', { pluginId: 'fragile', component: Fragile })
    contributions.add('room.main', { pluginId: 'sound', component: Sound })
    const slot = mountSlot()
    await slot.vm.$nextTick()
    expect(slot.text()).toContain('a problem')
    expect(slot.text()).toContain('sound in room_1')
    isBroken.value = false
    await slot.get('button').trigger('click')
    expect(slot.text()).toContain('fragile in room_1')
  })

  it('shows nothing of a crash where the slot is quiet', async () => {
    contributions.add('room.main', { pluginId: 'fragile', component: Fragile })
    const slot = mountSlot(true)
    await slot.vm.$nextTick()
    expect(slot.text()).toBe('')
  })
})
