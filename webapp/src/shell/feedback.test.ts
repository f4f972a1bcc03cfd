import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFeedback } from './feedback'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('createFeedback', () => {
  it('shows a snackbar for its time, and takes it away when asked', () => {
    const { feedback, state } = createFeedback()
    feedback.snackbar({ text: 'You left quiet-library', timeoutMs: 8_000 })
    const close = feedback.snackbar({ text: 'Copied' })
    expect(state.snackbars.map(({ text }) => text)).toEqual(['You left quiet-library', 'Copied'])
    close()
    vi.advanceTimersByTime(7_999)
    expect(state.snackbars).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(state.snackbars).toHaveLength(0)
  })

  it('asks one question at a time: a new one answers the old one with no', async () => {
    const { feedback, state } = createFeedback()
    const question = { title: 'Delete?', text: '', confirmLabel: 'Delete' }
    const first = feedback.confirm(question)
    const second = feedback.confirm(question)
    expect(await first).toBe(false)
    state.confirmation.value!.answer(true)
    expect(await second).toBe(true)
    expect(state.confirmation.value).toBeUndefined()
  })

  it('announces the same text again as something new', () => {
    const { feedback, state } = createFeedback()
    feedback.announce('Copied')
    vi.runAllTimers()
    expect(state.announcement.value).toBe('Copied')
    feedback.announce('Copied')
    expect(state.announcement.value).toBe('')
    vi.runAllTimers()
    expect(state.announcement.value).toBe('Copied')
  })
})
