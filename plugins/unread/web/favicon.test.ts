import { describe, expect, it, vi } from 'vitest'
import { createFavicon } from './favicon'

const ICON = '<svg viewBox="-4 -23 126 126"><path/></svg>'

function setUp(load: () => Promise<string> = () => Promise.resolve(ICON)) {
  const link = document.createElement('link')
  link.href = 'http://prickle.test/icon.svg'
  return { link, show: createFavicon(link, load), isPlain: () => link.href === 'http://prickle.test/icon.svg' }
}

describe('the page\'s icon', () => {
  it('has a dot while something is unread, another one for a mention, and none when all is read', async () => {
    const { link, show, isPlain } = setUp()
    await show('unread')
    const unread = decodeURIComponent(link.href)
    expect(unread).toMatch(/^data:image\/svg\+xml,<svg viewBox="-4 -23 126 126"><path\/><circle [^>]+\/><\/svg>$/)
    await show('mention')
    expect(decodeURIComponent(link.href)).not.toBe(unread)
    await show('none')
    expect(isPlain()).toBe(true)
  })

  it('stays plain when all was read before the icon was there', async () => {
    let arrive = (_icon: string): void => undefined
    const { show, isPlain } = setUp(() => new Promise(resolve => (arrive = resolve)))
    const showing = show('unread')
    await show('none')
    arrive(ICON)
    await showing
    expect(isPlain()).toBe(true)
  })

  it('is tried again after it could not be loaded', async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce(ICON)
    const { show, isPlain } = setUp(load)
    await show('unread')
    expect(isPlain()).toBe(true)
    await show('mention')
    expect(isPlain()).toBe(false)
  })
})
