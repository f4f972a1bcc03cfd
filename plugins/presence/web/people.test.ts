import type { RoomPresence } from './people'
import { describe, expect, it } from 'vitest'
import { createPeople } from './people'

function setUp() {
  const answers: ((users: RoomPresence['users'], online?: number) => void)[] = []
  const people = createPeople({
    get: <T>() => new Promise<T>(resolve => answers.push((users, online = Object.keys(users).length) => resolve({ users, online } as T))),
  })
  return { people, answers }
}

describe('who is there', () => {
  it('is unknown until the server has told it', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    expect([people.stateOf('ann'), people.onlineIn('a')]).toEqual([undefined, undefined])
    answers[0]!({ ann: 'away' })
    await asking
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual(['away', undefined])
  })

  it('follows the notices, also those that overtake the answer', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    people.update({ users: { ann: 'offline' } })
    answers[0]!({ ann: 'online', bob: 'online' })
    await asking
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual(['offline', 'online'])
    people.update({ users: { bob: 'away' } })
    expect(people.stateOf('bob')).toBe('away')
  })

  it('takes no late answer for the room before', async () => {
    const { people, answers } = setUp()
    const first = people.ask('a')
    const second = people.ask('b')
    answers[1]!({ bob: 'online' })
    await second
    answers[0]!({ ann: 'online' })
    expect(await first).toBeUndefined()
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual([undefined, 'online'])
  })

  it('forgets whom the next room does not show', async () => {
    const { people, answers } = setUp()
    people.update({ users: { ann: 'online' } })
    const asking = people.ask('b')
    answers[0]!({ bob: 'online' })
    await asking
    expect(people.stateOf('ann')).toBeUndefined()
  })

  it('includes that the other members are offline, where everybody who is there is listed', async () => {
    const { people, answers } = setUp()
    people.meet(['ann', 'bob'])
    expect(people.stateOf('bob')).toBeUndefined()
    const small = people.ask('a')
    answers[0]!({ ann: 'online' })
    await small
    expect([people.stateOf('ann'), people.stateOf('bob'), people.stateOf('stranger')]).toEqual(['online', 'offline', undefined])
    const large = people.ask('b')
    answers[1]!({ ann: 'online' }, 5000)
    await large
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual(['online', undefined])
  })
})

describe('how many are there', () => {
  it('is counted in a room whose people are listed, and only in that one', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    answers[0]!({ ann: 'online', bob: 'away' })
    await asking
    expect([people.onlineIn('a'), people.onlineIn('b')]).toEqual([2, undefined])
    people.update({ users: { bob: 'offline', cid: 'online', dee: 'online' } })
    people.leave('dee')
    expect(people.onlineIn('a')).toBe(2)
    people.forget()
    expect(people.onlineIn('a')).toBeUndefined()
  })

  it('is told in a room of many, and of no other room', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    answers[0]!({ ann: 'online' }, 5000)
    await asking
    people.update({ users: { bob: 'online' } })
    people.update({ users: {}, room: 'b', online: 7 })
    expect(people.onlineIn('a')).toBe(5000)
    people.update({ users: {}, room: 'a', online: 4999 })
    expect(people.onlineIn('a')).toBe(4999)
  })
})
