import { describe, expect, it } from 'vitest'
import { endsComposition, isPlainEnter } from './keys'

const enter = (more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key: 'Enter', ...more })

describe('enter', () => {
  it('sends', () => expect(isPlainEnter(enter(), false)).toBe(true))
  it('with Shift is a new line', () => expect(isPlainEnter(enter({ shiftKey: true }), false)).toBe(false))
  it('with a finger is a new line', () => expect(isPlainEnter(enter(), true)).toBe(false))

  it.each([
    ['while composing', { isComposing: true }],
    ['with key code 229, as older browsers say it', { keyCode: 229 }],
  ])('belongs to the input method %s', (_, more) => {
    expect(endsComposition(enter(more))).toBe(true)
  })

  it('is free again after the composition', () => expect(endsComposition(enter())).toBe(false))
})
