import type { Credentials, Registry } from '@webapp/plugin-api'
import type { Transfer, TransferAnswer } from './transfer'
import type { KeptUpload } from './uploadKeeper'
import { ChatError } from '@webapp/plugin-api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, shallowRef } from 'vue'
import { createUploader } from './uploader'

interface Call { method: string, path: string, signal: AbortSignal, answer: (body: unknown) => Promise<void>, refuse: (error: Error) => Promise<void> }

beforeEach(() => void vi.useFakeTimers())
const settle = async () => void await vi.advanceTimersByTimeAsync(0)
const file = (name: string, size = 3) => new File([new Uint8Array(size)], name)
const stored = (id: string) => ({ id, name: `${id}.txt`, size: 3, type: 'text/plain' })

/** An uploader, what it keeps, and a server that answers when the test says so. */
function setUp(kept: KeptUpload[] = [], inTrays: string[] = []) {
  const trays = { ids: inTrays as readonly string[], read: () => trays.ids, write: (ids: readonly string[]) => void (trays.ids = ids) }
  const disk = new Map(kept.map(upload => [upload.id, upload]))
  const state = shallowRef<'connected' | 'waiting'>('connected')
  const credentials = shallowRef<Credentials | undefined>({ token: 't', expiresAt: new Date(), user: { id: 'me', name: 'Me' } })
  const calls: Call[] = []
  const connects: (() => void)[] = []
  const deleted: string[] = []
  let lastId = 0
  const transferUntil = (signal: AbortSignal): Transfer => (method, path) => new Promise<TransferAnswer>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    calls.push({
      method, path, signal,
      answer: body => (resolve({ header: () => undefined, body }), settle()),
      refuse: error => (reject(error), settle()),
    })
  })
  const uploader = createUploader({
    http: { get: async () => ({ max_file_bytes: 100, max_files: 3, retention_days: 30 }), delete: async (path: string) => void deleted.push(path) } as unknown as Registry['http'],
    session: { credentials, user: computed(() => credentials.value?.user) } as unknown as Registry['session'],
    socket: { state, onConnect: (handler: () => void) => connects.push(handler) } as unknown as Registry['socket'],
    keeper: {
      load: async ids => ids.flatMap(id => disk.get(id) ?? []),
      put: async upload => void disk.set(upload.id, { ...upload }),
      remove: async ids => ids.forEach(id => disk.delete(id)),
      tidy: async time => [...disk.values()].forEach(({ id, trayAt = time }) => trayAt < time && disk.delete(id)),
    },
    transferUntil,
    newId: () => `u${++lastId}`,
    trays,
  })
  return { uploader, trays, disk, state, credentials, calls, connects, deleted }
}

describe('choosing files', () => {
  it('refuses what is too large before anything is sent', async () => {
    const { uploader, calls } = setUp()
    await uploader.add('a', [file('large.bin', 101)])
    expect(uploader.queue()[0]).toMatchObject({ state: 'refused', error: { code: 'files.too_large' } })
    expect([calls, uploader.take('a')]).toEqual([[], []])
  })

  it('leaves out more than a message carries, and says how many', async () => {
    const { uploader } = setUp()
    expect(await uploader.add('a', [file('1'), file('2')])).toBe(0)
    expect(await uploader.add('a', [file('3'), file('4'), file('5')])).toBe(2)
    expect(uploader.count('a')).toBe(3)
  })

  it('waits for a connection', async () => {
    const { uploader, state, calls, connects } = setUp()
    state.value = 'waiting'
    await uploader.add('a', [file('1')])
    expect(calls).toEqual([])
    state.value = 'connected'
    connects.forEach(connect => connect())
    expect(calls).toHaveLength(1)
  })
})

describe('a message with files', () => {
  it('gets them when all are on the server, and they are kept until then', async () => {
    const { uploader, calls, disk } = setUp()
    await uploader.add('a', [file('1'), file('2')])
    const ids = uploader.take('a')
    expect([...disk.keys()]).toEqual(ids)
    const files = uploader.upload(ids)
    await calls[1]!.answer(stored('second'))
    await calls[0]!.answer(stored('first'))
    expect(await files).toEqual([stored('first'), stored('second')])
    uploader.release(ids)
    expect([disk.size, uploader.queue()]).toEqual([0, []])
  })

  it('is told what people have to decide, and tries again when asked', async () => {
    const { uploader, calls } = setUp()
    await uploader.add('a', [file('1')])
    const ids = uploader.take('a')
    const failing = expect(uploader.upload(ids)).rejects.toMatchObject({ code: 'files.quota_exceeded' })
    await settle()
    await calls[0]!.refuse(new ChatError({ kind: 'invalid_input', code: 'files.quota_exceeded', message: '', details: {}, trace_id: '' }))
    await failing
    const again = uploader.upload(ids)
    await settle()
    await calls[1]!.answer(stored('first'))
    expect(await again).toHaveLength(1)
  })

  it('goes on after a reload with what was kept', async () => {
    const { uploader, calls } = setUp([
      { id: 'old', roomId: 'a', name: 'old.txt', body: file('old.txt') },
      { id: 'done', roomId: 'a', name: 'done.txt', body: file('done.txt'), file: stored('done') },
    ])
    const files = uploader.upload(['old', 'done'])
    await settle()
    expect(calls).toHaveLength(1)
    await calls[0]!.answer(stored('old'))
    expect(await files).toEqual([stored('old'), stored('done')])
  })

  it('hears that a file was not kept', async () => {
    await expect(setUp().uploader.upload(['gone'])).rejects.toMatchObject({ code: 'files.upload_lost' })
  })

  it('gives them back to the tray', async () => {
    const { uploader } = setUp([{ id: 'old', roomId: 'a', name: 'old.txt', body: file('old.txt') }])
    await uploader.putBack(['old'])
    expect(uploader.count('a')).toBe(1)
  })
})

describe('a tray', () => {
  it('is the same after a reload, whatever had become of its files', async () => {
    const earlier = setUp()
    await earlier.uploader.add('a', [file('1'), file('2'), file('large.bin', 101)])
    await earlier.calls[0]!.answer(stored('first'))
    const { uploader, calls } = setUp([...earlier.disk.values()], [...earlier.trays.ids])
    await uploader.restoreTrays()
    expect(uploader.queue().map(({ name, state, isInTray }) => [name, state, isInTray])).toEqual([['1', 'done', true], ['2', 'sending', true]])
    expect(calls).toHaveLength(1)
  })

  it('gives what is sent off to its message alone', async () => {
    const { uploader, disk, trays } = setUp()
    await uploader.add('a', [file('1')])
    expect([trays.ids, disk.get('u1')?.trayAt]).toEqual([['u1'], expect.any(Number)])
    uploader.take('a')
    expect([trays.ids, disk.get('u1')?.trayAt]).toEqual([[], undefined])
  })

  it('of a page that was closed long ago is not kept', async () => {
    const old = { roomId: 'a', name: 'x', body: file('x') }
    const { uploader, disk } = setUp([{ ...old, id: 'closed', trayAt: 1 }, { ...old, id: 'sent off' }])
    await uploader.restoreTrays()
    expect([...disk.keys()]).toEqual(['sent off'])
  })
})

describe('dropping', () => {
  it('calls an upload off, and takes a finished one from the server', async () => {
    const { uploader, calls, deleted } = setUp()
    await uploader.add('a', [file('1'), file('2')])
    await calls[0]!.answer(stored('first'))
    uploader.drop(uploader.queue().map(({ id }) => id))
    expect(deleted).toEqual(['/api/files/first'])
    expect(calls[1]!.signal.aborted).toBe(true)
    await settle()
    expect(uploader.queue()).toEqual([])
  })

  it('is not what happens to the files of a guest who signs out', async () => {
    const { uploader, credentials, disk, deleted } = setUp()
    await uploader.add('a', [file('1')])
    uploader.take('a')
    credentials.value = undefined
    expect([uploader.queue(), disk.size, deleted]).toEqual([[], 1, []])
  })
})
