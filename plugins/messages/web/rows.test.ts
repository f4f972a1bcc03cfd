import type { OutboxItem } from './outboxKeeper'
import type { RowSource } from './rows'
import type { Message } from './types'
import { describe, expect, it } from 'vitest'
import { buildRows, reuseRows } from './rows'

function message(seq: number, more: Partial<Message> = {}): Message {
  return { room: 'a', seq, author: 'me', text: `text ${seq}`, created_at: new Date(2026, 10, 25, 9, 0, seq).toISOString(), ...more }
}
function item(clientId: string, text: string, after = 0): OutboxItem {
  return { clientId, author: 'me', room: 'a', text, createdAt: new Date(2026, 10, 25, 9, 1).toISOString(), after, state: 'sending' }
}
function rows(more: Partial<RowSource>) {
  return buildRows({ messages: [], outbox: [], pending: new Map(), sentHere: new Map(), me: 'me', ...more })
}
const at = (hour: number, minute: number, day = 25) => new Date(2026, 10, day, hour, minute).toISOString()

describe('grouping', () => {
  it('names an author once for messages within five minutes', () => {
    const built = rows({ messages: [1, 2].map(seq => message(seq)) })
    expect(built.map(row => row.isGrouped)).toEqual([false, true])
  })

  it.each([
    ['another author', message(2, { author: 'you' })],
    ['five minutes', message(2, { created_at: at(9, 6) })],
    ['a reply', message(2, { reply_to: 1 })],
    ['another day', message(2, { created_at: at(0, 1, 26) })],
  ])('ends with %s', (_, second) => {
    expect(rows({ messages: [message(1, { created_at: at(9, 1) }), second] })[1]!.isGrouped).toBe(false)
  })

  it('breaks days where the calendar does', () => {
    const built = rows({ messages: [message(1, { created_at: at(23, 59) }), message(2, { created_at: at(0, 0, 26) }), message(3, { created_at: at(0, 1, 26) })] })
    expect(built.map(row => row.startsDay)).toEqual([true, true, false])
  })

  it('shows no row whose height would change when the message before it is loaded', () => {
    const newer = [2, 3].map(seq => message(seq))
    const before = rows({ messages: newer, hasOlder: true })
    const after = rows({ messages: [message(1), ...newer], hasOlder: false })
    expect(before).toEqual(after.slice(-before.length))
    expect(rows({ messages: [message(2)], hasOlder: true })).toHaveLength(1)
  })
})

describe('messages on their way', () => {
  it('stand at the end, in their order', () => {
    const built = rows({ messages: [message(1)], outbox: [item('x', 'first'), item('y', 'second')] })
    expect(built.map(row => row.text)).toEqual(['text 1', 'first', 'second'])
  })

  it('are not shown twice when the notice is faster than the ack', () => {
    const built = rows({ messages: [message(7, { text: 'hello' })], outbox: [item('x', 'hello')] })
    expect(built).toHaveLength(1)
    expect(built[0]).toMatchObject({ key: 'x', seq: 7 })
  })

  it('are each shown though they say the same', () => {
    const built = rows({
      messages: [message(6, { text: 'ok' }), message(7, { text: 'ok' })],
      outbox: [item('y', 'ok'), item('z', 'ok')],
      sentHere: new Map([[6, 'x']]),
    })
    expect(built.map(row => [row.key, row.seq])).toEqual([['x', 6], ['y', 7], ['z', undefined]])
  })

  it('are not taken for older messages of the same text, or for those of others', () => {
    const built = rows({ messages: [message(3, { text: 'ok' }), message(5, { text: 'ok', author: 'you' })], outbox: [item('x', 'ok', 4)] })
    expect(built).toHaveLength(3)
  })

  it('are told apart by the files that they carry', () => {
    const file = { id: 'file_1', name: 'a.png', size: 3, type: 'image/png' }
    const sent = { ...message(7, { files: [file] }), text: undefined }
    expect(rows({ messages: [sent], outbox: [{ ...item('x', ''), files: [file] }] })).toHaveLength(1)
    expect(rows({ messages: [sent], outbox: [{ ...item('x', ''), files: [{ ...file, id: 'file_2' }] }] })).toHaveLength(2)
  })

  it('keep their row when they are acknowledged', () => {
    const before = rows({ outbox: [item('x', 'hello')] })
    const after = rows({ messages: [message(7, { text: 'hello' })], sentHere: new Map([[7, 'x']]) })
    expect(after[0]!.key).toBe(before[0]!.key)
  })
})

describe('rows that have not changed', () => {
  it('stay the same objects', () => {
    const before = rows({ messages: [message(1), message(2)] })
    const after = reuseRows(rows({ messages: [message(1), message(2, { text: 'new' }), message(3)] }), before)
    expect(after[0]).toBe(before[0])
    expect(after[1]).toMatchObject({ text: 'new' })
    expect(after).toHaveLength(3)
  })
})

describe('changes on their way', () => {
  it('are shown at once', () => {
    const [edited, deleted] = rows({ messages: [message(1), message(2, { reply_to: 1 })], pending: new Map([[1, { text: 'new' }], [2, { deleted: true }]]) })
    expect(edited).toMatchObject({ text: 'new', isEdited: true })
    expect(deleted).toMatchObject({ text: '', isDeleted: true, isEdited: false, replyTo: undefined })
  })
})
