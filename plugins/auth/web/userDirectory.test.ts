import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, watchEffect } from 'vue'
import { createUserDirectory } from './userDirectory'

interface Asked { query?: { ids?: unknown } }

function server(answer = (id: string) => ({ id, name: `name of ${id}` })) {
  const asked: string[][] = []
  return {
    asked,
    isDown: false,
    get<T>(_path: string, options?: Asked): Promise<T> {
      const ids = String(options?.query?.ids).split(',')
      asked.push(ids)
      return this.isDown ? Promise.reject(new Error('down')) : Promise.resolve(ids.map(answer) as T)
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the user directory', () => {
  it('asks once for all names that are wanted together', async () => {
    const http = server()
    const users = createUserDirectory(http)
    for (const id of ['a', 'b', 'a']) expect(users.nameOf(id)).toBeUndefined()
    await vi.advanceTimersByTimeAsync(100)
    expect(http.asked).toEqual([['a', 'b']])
    expect(users.nameOf('b')).toBe('name of b')
  })

  it('tells a reader when the name has come', async () => {
    const users = createUserDirectory(server())
    const seen: (string | undefined)[] = []
    const scope = effectScope()
    scope.run(() => watchEffect(() => void seen.push(users.nameOf('a')), { flush: 'sync' }))
    await vi.advanceTimersByTimeAsync(100)
    scope.stop()
    expect(seen).toEqual([undefined, 'name of a'])
  })

  it('asks for more than a hundred names in several requests', async () => {
    const http = server()
    const users = createUserDirectory(http)
    for (let index = 0; index < 250; index++) users.nameOf(`guest_${index}`)
    await vi.advanceTimersByTimeAsync(100)
    expect(http.asked.map(ids => ids.length)).toEqual([100, 100, 50])
  })

  it('does not ask again while a name is fresh, and does later', async () => {
    const http = server()
    const users = createUserDirectory(http)
    users.nameOf('a')
    await vi.advanceTimersByTimeAsync(60_000)
    users.nameOf('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(http.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(300_000)
    expect(users.nameOf('a')).toBe('name of a')
    await vi.advanceTimersByTimeAsync(1000)
    expect(http.asked).toHaveLength(2)
  })

  it('tries again by itself after a failure', async () => {
    const http = server()
    http.isDown = true
    const users = createUserDirectory(http)
    users.nameOf('a')
    await vi.advanceTimersByTimeAsync(5000)
    http.isDown = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(users.nameOf('a')).toBe('name of a')
  })
})
