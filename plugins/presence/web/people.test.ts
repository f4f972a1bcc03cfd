import type { State } from './people'
import { describe, expect, it } from 'vitest'
import { createPeople } from './people'

function setUp() {
  const answers: ((users: Record<string, State>) => void)[] = []
  const people = createPeople({
    get: <T>() => new Promise<T>(resolve => answers.push(users => resolve({ users } as T))),
  })
  return { people, answers }
}

describe('who is there', () => {
  it('is unknown until the server has told it', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    expect(people.stateOf('ann')).toBeUndefined()
    answers[0]!({ ann: 'away' })
    await asking
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual(['away', undefined])
  })

  it('follows the notices, also those that overtake the answer', async () => {
    const { people, answers } = setUp()
    const asking = people.ask('a')
    people.update({ ann: 'offline' })
    answers[0]!({ ann: 'online', bob: 'online' })
    await asking
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual(['offline', 'online'])
    people.update({ bob: 'away' })
    expect(people.stateOf('bob')).toBe('away')
  })

  it('takes no late answer for the room before', async () => {
    const { people, answers } = setUp()
    const first = people.ask('a')
    const second = people.ask('b')
    answers[1]!({ bob: 'online' })
    await second
    answers[0]!({ ann: 'online' })
    await first
    expect([people.stateOf('ann'), people.stateOf('bob')]).toEqual([undefined, 'online'])
  })

  it('forgets whom the next room does not show', async () => {
    const { people, answers } = setUp()
    people.update({ ann: 'online' })
    const asking = people.ask('b')
    answers[0]!({ bob: 'online' })
    await asking
    expect(people.stateOf('ann')).toBeUndefined()
  })
})
