import type { Queue, Upload, UploadEvent } from './uploadQueue'
import { ChatError } from '@webapp/plugin-api'
import { describe, expect, it } from 'vitest'
import { applyUpload, nextRetryAt, outcome, readyToGo, startable } from './uploadQueue'

const FILE = { id: 'file_1', name: 'a.png', size: 100, type: 'image/png' }
const NOW = 1_800_000_000_000

function error(kind: ChatError['kind'], code = 'files.x', details = {}) {
  return new ChatError({ kind, code, message: '', details, trace_id: '' })
}
function upload(id: string, more: Partial<Upload> = {}): Upload {
  return { id, roomId: 'a', name: `${id}.png`, size: 100, state: 'waiting', sent: 0, isInTray: true, breaks: 0, ...more }
}
function after(queue: Queue, ...events: UploadEvent[]): Queue {
  return events.reduce(applyUpload, queue)
}
const broken = (id: string, why: ChatError, now = NOW): UploadEvent => ({ type: 'broken', id, error: why, now })

describe('a queue', () => {
  it('sends two at once, in the order in which they were chosen', () => {
    const queue = after([upload('x'), upload('y'), upload('z')], { type: 'begun', id: 'x' })
    expect(startable(queue, NOW).map(({ id }) => id)).toEqual(['y'])
    expect(startable(after(queue, { type: 'begun', id: 'y' }), NOW)).toEqual([])
    expect(startable(after(queue, { type: 'finished', id: 'x', file: FILE }), NOW).map(({ id }) => id)).toEqual(['y', 'z'])
  })

  it('knows what goes with the next message of a room, and gives it out once', () => {
    const queue = [upload('x'), upload('large', { state: 'refused' }), upload('there', { roomId: 'b' }), upload('y', { state: 'done', file: FILE })]
    expect(readyToGo(queue, 'a').map(({ id }) => id)).toEqual(['x', 'y'])
    const taken = after(queue, { type: 'taken', roomId: 'a' })
    expect(readyToGo(taken, 'a')).toEqual([])
    expect(taken.map(({ isInTray }) => isInTray)).toEqual([false, true, true, false])
    expect(readyToGo(after(taken, { type: 'put back', ids: ['x'] }), 'a').map(({ id }) => id)).toEqual(['x'])
  })
})

describe('a cut', () => {
  it('is followed by another try, later each time', () => {
    let queue: Queue = [upload('x')]
    for (const waitMs of [1000, 2000, 4000]) {
      queue = after(queue, { type: 'begun', id: 'x' }, broken('x', error('unavailable')))
      expect(nextRetryAt(queue)).toBe(NOW + waitMs)
      expect(startable(queue, NOW + waitMs - 1)).toEqual([])
      expect(startable(queue, NOW + waitMs)).toHaveLength(1)
    }
  })

  it('counts no more once bytes have passed', () => {
    const queue = after([upload('x')], broken('x', error('unavailable')), { type: 'begun', id: 'x' }, { type: 'progressed', id: 'x', sent: 50 }, broken('x', error('unavailable')))
    expect(queue[0]).toMatchObject({ state: 'waiting', sent: 50, breaks: 1, retryAt: NOW + 1000 })
  })

  it('is left to people after six in a row, until the page connects again', () => {
    const cuts = Array.from({ length: 7 }, () => broken('x', error('unavailable')))
    const queue = after([upload('x')], ...cuts)
    expect(queue[0]!.state).toBe('failed')
    expect(after(queue, { type: 'connected' })[0]).toMatchObject({ state: 'waiting', breaks: 0, error: undefined })
  })

  it('of the whole page ends every waiting time', () => {
    const queue = after([upload('x'), upload('y', { state: 'failed', error: error('forbidden') })], broken('x', error('unavailable')), { type: 'connected' })
    expect(startable(queue, NOW).map(({ id }) => id)).toEqual(['x'])
  })
})

describe('a refusal', () => {
  it('of the file itself is final', () => {
    expect(after([upload('x')], broken('x', error('invalid_input', 'files.too_large')))[0]!.state).toBe('refused')
  })

  it('of anything else can be tried again', () => {
    const queue = after([upload('x')], broken('x', error('invalid_input', 'files.quota_exceeded')))
    expect(queue[0]!.state).toBe('failed')
    expect(after(queue, { type: 'retried', ids: ['x'] })[0]).toMatchObject({ state: 'waiting', error: undefined })
  })

  it('of too many at once waits as long as the server says', () => {
    expect(nextRetryAt(after([upload('x')], broken('x', error('rate_limited', 'core.rate_limited', { retry_after_s: 12 }))))).toBe(NOW + 12_000)
    expect(after([upload('x')], broken('x', error('unavailable', 'files.store_full', { retry_after_s: 600 })))[0]!.state).toBe('failed')
  })

  it('of what is finished changes nothing', () => {
    const done = upload('x', { state: 'done', file: FILE })
    expect(after([done], { type: 'retried', ids: ['x'] }, { type: 'connected' })).toEqual([done])
  })
})

describe('an outcome', () => {
  const lost = error('not_found', 'files.upload_lost')
  const done = upload('x', { state: 'done', file: FILE })

  it('is there when all files are', () => {
    expect(outcome([done, upload('y')], ['x', 'y'], lost)).toBeUndefined()
    expect(outcome([done], ['x'], lost)).toEqual([FILE])
  })

  it('is the error of any of them, or that one is not known', () => {
    const why = error('forbidden')
    expect(outcome([done, upload('y', { state: 'failed', error: why })], ['x', 'y'], lost)).toBe(why)
    expect(outcome([done], ['x', 'y'], lost)).toBe(lost)
  })
})
