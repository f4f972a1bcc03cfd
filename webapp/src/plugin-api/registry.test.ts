import { defineComponent } from 'vue'
import { describe, expect, it } from 'vitest'
import { Contributions } from './registry'
import type { Registry } from './registry'
import { serviceKey, Services } from './services'

const OfRoom = defineComponent({ props: { roomId: { type: String, required: true } } })
const OfUser = defineComponent({ props: { userId: { type: String, required: true } } })

describe('Registry', () => {
  it('takes a component whose props the slot passes, and no other', () => {
    const fill = (() => () => undefined) as Registry['fill']
    fill('room.main', { component: OfRoom })
    // @ts-expect-error -- `room.main` passes no user
    fill('room.main', { component: OfUser })
    // @ts-expect-error -- no such slot
    fill('room.nowhere', { component: OfRoom })
    expect(fill('user.badge', { component: OfUser })).toBeTypeOf('function')
  })
})

describe('Contributions', () => {
  it('keeps the order of each slot, and of equals the order of their coming', () => {
    const contributions = new Contributions()
    contributions.add('nav.top', { pluginId: 'b', component: OfRoom, order: 5 })
    contributions.add('nav.top', { pluginId: 'a', component: OfRoom })
    contributions.add('nav.top', { pluginId: 'c', component: OfRoom, order: 5 })
    expect(contributions.of('nav.top').map(({ pluginId }) => pluginId)).toEqual(['a', 'b', 'c'])
    expect(contributions.of('nav.footer')).toEqual([])
  })
})

describe('Services', () => {
  const GREETER = serviceKey<{ greet: () => string }>('greetings.greeter')

  it('hands out what one plugin offers until it is taken back', () => {
    const services = new Services()
    expect(services.find(GREETER)).toBeUndefined()
    const takeBack = services.offer(GREETER, { greet: () => 'hello' })
    expect(services.find(GREETER)?.greet()).toBe('hello')
    takeBack()
    expect(services.find(GREETER)).toBeUndefined()
  })

  it('refuses a second offer under one key', () => {
    const services = new Services()
    services.offer(GREETER, { greet: () => 'hello' })
    expect(() => services.offer(GREETER, { greet: () => 'hi' })).toThrow('greetings.greeter is offered twice')
  })
})
