import { createApp } from 'vue'
import { QueryClient } from '@tanstack/vue-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { loadPlugins } from './plugins'
import type { PluginHost } from './plugins'
import { createAppRouter } from './router'
import { Contributions } from './plugin-api/registry'
import { createSession } from './plugin-api/session'
import { Services } from './plugin-api/services'

beforeEach(() => {
  localStorage.clear()
  vi.spyOn(console, 'error').mockReturnValue()
})

function hostWith(enabled: string[] | Error, chunks: Record<string, () => unknown>): PluginHost {
  const session = createSession()
  const get = enabled instanceof Error ? () => Promise.reject(enabled) : () => Promise.resolve({ plugins: enabled.map(id => ({ id })) })
  return {
    chunks: Object.fromEntries(Object.entries(chunks).map(([id, setup]) =>
      [`../../plugins/${id}/web/index.ts`, async () => ({ default: { id, setup: setup as () => void } })])),
    app: createApp({}),
    shell: { http: { get }, session, services: new Services(), contributions: new Contributions(), failedPlugins: new Set() } as never,
    router: createAppRouter(session),
    queryClient: new QueryClient(),
    texts: {} as never,
  }
}

describe('loadPlugins', () => {
  it('sets up the UIs of the enabled plugins alone, in the server’s order', async () => {
    const order: string[] = []
    const host = hostWith(['rooms', 'metrics', 'auth'], { auth: () => order.push('auth'), rooms: () => order.push('rooms'), off: () => order.push('off') })
    await loadPlugins(host)
    expect(order).toEqual(['rooms', 'auth'])
  })

  it('goes on without a plugin whose setup fails, and says which', async () => {
    const sound = vi.fn()
    const host = hostWith(['broken', 'sound'], { sound, broken: () => {
      throw new Error('a defect')
    } })
    await loadPlugins(host)
    expect(sound).toHaveBeenCalledOnce()
    expect(host.shell.failedPlugins).toEqual(new Set(['broken']))
  })

  it('starts with the last visit’s plugins where the server cannot be reached', async () => {
    await loadPlugins(hostWith(['auth'], { auth: () => undefined }))
    const setup = vi.fn()
    await loadPlugins(hostWith(new Error('offline'), { auth: setup }))
    expect(setup).toHaveBeenCalledOnce()
  })

  it('takes in what has been enabled since, once the list is old enough to be asked for again', async () => {
    await loadPlugins(hostWith(['auth'], { auth: () => undefined }))
    const setup = vi.fn()
    const chunks = { auth: () => undefined, polls: setup }
    await loadPlugins(hostWith(['auth', 'polls'], chunks))
    expect(setup).not.toHaveBeenCalled()
    localStorage.setItem('shell.pluginsAskedAt', '0')
    await loadPlugins(hostWith(['auth', 'polls'], chunks))
    await vi.waitFor(() => expect(setup).toHaveBeenCalledOnce())
  })

  it('rejects at a first visit without the server, since nothing is known', async () => {
    await expect(loadPlugins(hostWith(new Error('offline'), {}))).rejects.toThrow('offline')
  })
})
