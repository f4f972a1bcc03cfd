import { describe, expect, it } from 'vitest'
import { createStorage } from './storage'

describe('createStorage', () => {
  it('keeps values in the given area', () => {
    const storage = createStorage(() => localStorage)
    storage.set('auth.name', '하나')
    expect(localStorage.getItem('auth.name')).toBe('하나')
    expect(storage.get('auth.name')).toBe('하나')
    storage.remove('auth.name')
    expect(storage.get('auth.name')).toBeUndefined()
    expect(storage.isKept).toBe(true)
  })

  it('keeps values for the life of the page where reading the area throws', () => {
    const storage = createStorage(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    storage.set('auth.name', '하나')
    expect(storage.get('auth.name')).toBe('하나')
    storage.remove('auth.name')
    expect(storage.get('auth.name')).toBeUndefined()
    expect(storage.isKept).toBe(false)
  })

  it('gives the new value, not the old one, after the quota was full', () => {
    const full = { getItem: () => 'old', removeItem: () => undefined, setItem() {
      throw new DOMException('full', 'QuotaExceededError')
    } } as unknown as Storage
    const storage = createStorage(() => full)
    storage.set('messages.draft', 'new')
    expect(storage.get('messages.draft')).toBe('new')
  })
})
