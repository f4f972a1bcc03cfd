import { describe, expect, it } from 'vitest'
import { isPressed } from './keyCombination'

const press = (key: string, options: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...options })

describe('isPressed', () => {
  it('wants exactly the named modifiers', () => {
    expect(isPressed(press('ArrowUp', { altKey: true }), 'Alt+ArrowUp')).toBe(true)
    expect(isPressed(press('ArrowUp', { altKey: true, shiftKey: true }), 'Alt+ArrowUp')).toBe(false)
    expect(isPressed(press('K', { ctrlKey: true }), 'Mod+k')).toBe(true)
    expect(isPressed(press('k'), 'Mod+k')).toBe(false)
  })

  it('knows the question mark with and without Shift', () => {
    expect(isPressed(press('?', { shiftKey: true }), '?')).toBe(true)
    expect(isPressed(press('?'), '?')).toBe(true)
  })

  it('never answers while an input method composes', () => {
    expect(isPressed(press('Escape', { isComposing: true }), 'Escape')).toBe(false)
    expect(isPressed(press('Escape', { keyCode: 229 } as KeyboardEventInit), 'Escape')).toBe(false)
  })
})
