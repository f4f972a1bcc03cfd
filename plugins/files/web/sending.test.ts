import type { Transfer, TransferOptions } from './transfer'
import { ChatError } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { PART_BYTES, sendFile } from './sending'

interface Call extends TransferOptions { method: string, path: string }

/** A server that keeps parts, and cuts the connection where the test says so. */
function setUp({ offset = 0, isKnown = true, cutAt = -1 } = {}) {
  const world = { calls: [] as Call[], offset, locations: [] as string[], progress: [] as number[] }
  const transfer: Transfer = async (method, path, options = {}) => {
    world.calls.push({ method, path, ...options })
    if (method === 'HEAD' && !isKnown) throw new ChatError({ kind: 'not_found', code: 'files.upload_not_found', message: '', details: {}, trace_id: '' })
    if (method === 'PATCH' && world.offset === cutAt) throw ChatError.local('webapp.connection_lost', '')
    if (method === 'PATCH') world.offset += options.body!.size
    const headers: Record<string, string | undefined> = {
      'Location': '/uploads/1',
      'Upload-Offset': String(world.offset),
      'X-File-Id': world.offset === SIZE ? 'file_1' : undefined,
    }
    return { header: name => headers[name], body: { id: 'file_1' } }
  }
  const ports = { transfer, onProgress: (sent: number) => void world.progress.push(sent), onLocation: (location: string) => void world.locations.push(location) }
  return { ...world, world, ports }
}
const SIZE = 2 * PART_BYTES + 100
const large = { roomId: 'a', name: '준비물.zip', body: new Blob([new Uint8Array(SIZE)]) }
const sizes = (calls: Call[]) => calls.filter(({ method }) => method === 'PATCH').map(({ headers, body }) => [headers!['Upload-Offset'], body!.size])

describe('sending a file', () => {
  it('takes one request for a small one', async () => {
    const { calls, ports } = setUp()
    const file = await sendFile({ roomId: 'a', name: '사진 1.png', body: new Blob(['abc']) }, ports)
    expect(file).toEqual({ id: 'file_1' })
    expect(calls).toMatchObject([{ method: 'POST', path: '/api/rooms/a/files', headers: { 'X-File-Name': '%EC%82%AC%EC%A7%84%201.png' } }])
  })

  it('takes parts for a large one, and tells where they are', async () => {
    const { calls, locations, progress, ports } = setUp()
    await sendFile(large, ports)
    expect(calls.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH', 'GET'])
    expect(calls[0]!.headers).toMatchObject({ 'Upload-Length': String(SIZE), 'Upload-Metadata': 'filename 7KSA67mE66y8LnppcA==' })
    expect(sizes(calls)).toEqual([['0', PART_BYTES], [String(PART_BYTES), PART_BYTES], [String(2 * PART_BYTES), 100]])
    expect(locations).toEqual(['/uploads/1'])
    expect(progress).toEqual([0, PART_BYTES, 2 * PART_BYTES])
  })

  it('goes on after a cut with what the server does not have', async () => {
    const first = setUp({ cutAt: PART_BYTES })
    await expect(sendFile(large, first.ports)).rejects.toMatchObject({ code: 'webapp.connection_lost' })
    const second = setUp({ offset: PART_BYTES })
    await sendFile({ ...large, location: first.locations[0] }, second.ports)
    expect(second.calls.map(({ method }) => method)).toEqual(['HEAD', 'PATCH', 'PATCH', 'GET'])
  })

  it('makes the file when the cut came after the last byte', async () => {
    const { calls, ports } = setUp({ offset: SIZE })
    await sendFile({ ...large, location: '/uploads/1' }, ports)
    expect(sizes(calls)).toEqual([[String(SIZE), 0]])
  })

  it('begins anew where the server has forgotten it', async () => {
    const { calls, ports } = setUp({ isKnown: false })
    await sendFile({ ...large, location: '/uploads/0' }, ports)
    expect(calls.map(({ method }) => method)).toEqual(['HEAD', 'POST', 'PATCH', 'PATCH', 'PATCH', 'GET'])
  })
})
