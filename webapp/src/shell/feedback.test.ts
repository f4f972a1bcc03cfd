import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { useFeedbackStore } from './feedback'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => void vi.useRealTimers())

describe('useFeedbackStore', () => {
  it('shows a snackbar for its time, and takes it away when asked', () => {
    const feedback = useFeedbackStore()
    feedback.snackbar({ text: 'You left quiet-library', timeoutMs: 8_000 })
    const close = feedback.snackbar({ text: 'Copied' })
    expect(feedback.snackbars.map(({ text }) => text)).toEqual(['You left quiet-library', 'Copied'])
    close()
    vi.advanceTimersByTime(7_999)
    expect(feedback.snackbars).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(feedback.snackbars).toHaveLength(0)
  })

  it('asks one question at a time: a new one answers the old one with no', async () => {
    const feedback = useFeedbackStore()
    const question = { title: 'Delete?', text: '', confirmLabel: 'Delete' }
    const first = feedback.confirm(question)
    const second = feedback.confirm(question)
    expect(await first).toBe(false)
    feedback.confirmation!.answer(true)
    expect(await second).toBe(true)
    expect(feedback.confirmation).toBeUndefined()
  })

  it('announces the same text again as something new', () => {
    const feedback = useFeedbackStore()
    feedback.announce('Copied')
    vi.runAllTimers()
    expect(feedback.announcement).toBe('Copied')
    feedback.announce('Copied')
    expect(feedback.announcement).toBe('')
    vi.runAllTimers()
    expect(feedback.announcement).toBe('Copied')
  })
})
