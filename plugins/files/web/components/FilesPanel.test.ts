import type { Registry } from '@webapp/plugin-api'
import type { RoomFile } from '../types'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { USERS } from '@webapp/plugin-api'
import { mountPart } from '@webapp/plugin-api/testing'
import { describe, expect, it, vi } from 'vitest'
import { FILE_ACCESS } from '../fileAccess'
import { followFiles } from '../fileNews'
import texts from '../locales/en.json'
import FilesPanel from './FilesPanel.vue'

const MIB = 2 ** 20

const fileOf = (name: string, more: Partial<RoomFile> = {}): RoomFile => ({ id: name, name, size: MIB, type: 'text/plain', owner: 'ann', created_at: '2026-11-26T09:00:00.000Z', seq: 1, ...more })

async function setUp({ files = [] as RoomFile[], used = 18 * MIB, days = 30 } = {}) {
  const queryClient = new QueryClient()
  const heard = new Map<string, (payload: never) => void>()
  followFiles({ onNotice: (event: string, handler: (payload: never) => void) => heard.set(event, handler), queryClient } as never as Registry)
  const page = vi.fn(() => Promise.resolve({ data: files, cursor: undefined, headers: new Headers({ 'X-Used-Bytes': `${used}`, 'X-Allowed-Bytes': `${200 * MIB}` }) }))
  const { part } = mountPart(FilesPanel, {
    props: { roomId: 'a' },
    texts: { files: texts },
    use: [{ install: app => void app.use(VueQueryPlugin, { queryClient }) }],
    shell: { http: { page, get: () => Promise.resolve({ retention_days: days }) } as never },
    services: [[USERS, { nameOf: (id: string) => id.toUpperCase() }], [FILE_ACCESS, { isGone: () => false }]],
  })
  await vi.waitFor(() => expect(part.find('.room-use .rule').text()).toContain(days ? 'days' : 'go first'))
  const tell = async (event: string, payload: object) => (heard.get(event)!(payload as never), await part.vm.$nextTick())
  const rows = () => part.findAll('li').map(row => [row.get('.file-name').text(), row.find('.warning').exists() ? row.get('.warning').text() : undefined])
  return { part, page, rows, tell, use: () => part.findAll('.room-use p').map(line => line.text().replace(/\s+/g, ' ')) }
}

describe('the files of a room', () => {
  it('say what they take of what the room may keep, and how long they stay', async () => {
    const { part, use } = await setUp()
    expect(use()).toEqual(['18 MB of 200 MB', 'Oldest files go first. Files are kept here for 30 days.'])
    expect(part.text()).toContain('Files of this room gather here.')
    expect(part.get('.track div').attributes('style')).toContain('9%')
  })

  it('promise no days where there are none', async () => {
    const { use } = await setUp({ days: 0 })
    expect(use()).toEqual(['18 MB of 200 MB', 'Oldest files go first.'])
  })

  it('warn of what goes next, and when', async () => {
    const { use, rows } = await setUp({ used: 190 * MIB, files: [
      fileOf('young.txt'),
      fileOf('aging.txt', { expires_at: new Date(2030, 10, 30, 15, 5).toISOString() }),
      fileOf('last.txt', { expires_at: new Date(new Date().setHours(23, 59)).toISOString() }),
      fileOf('oldest.txt', { expires_at: new Date(2030, 10, 29).toISOString(), is_next: true }),
    ] })
    expect(use()).toEqual(['190 MB of 200 MB', 'Nearly full. The oldest files go next. Files are kept here for 30 days.'])
    expect(rows()).toEqual([['young.txt', undefined], ['aging.txt', 'Expires Nov 30'], ['last.txt', expect.stringMatching(/^Expires 11:59\sPM$/)], ['oldest.txt', 'Next to go']])
  })

  it('go from the list with the notice of their message, which costs no further answer', async () => {
    const { use, rows, tell, page } = await setUp({ used: 190 * MIB, files: [fileOf('young.txt'), fileOf('old.txt', { size: 20 * MIB })] })
    await tell('messages.updated', { room: 'b', message: { files: [{ id: 'old.txt', expired: true }] } })
    await tell('messages.updated', { room: 'a', message: { files: [{ id: 'young.txt' }] } })
    expect(rows()).toHaveLength(2)
    await tell('messages.updated', { room: 'a', message: { files: [{ id: 'old.txt', expired: true }] } })
    await vi.waitFor(() => expect(rows()).toEqual([['young.txt', undefined]]))
    expect(use()).toEqual(['170 MB of 200 MB', expect.stringMatching(/^Oldest files go first\./)])
    expect(page).toHaveBeenCalledOnce()
  })
})
