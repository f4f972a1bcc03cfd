import { storage } from '@webapp/plugin-api'
import { mountPart } from '@webapp/plugin-api/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import texts from '../locales/en.json'
import { readChoices } from '../alerts'
import AlertSettings from './AlertSettings.vue'

/** A browser that has this permission, and answers so when it is asked. */
function setUp(permission: NotificationPermission | undefined, answer: NotificationPermission = 'granted') {
  const ask = vi.fn(() => Promise.resolve(answer))
  if (permission) vi.stubGlobal('Notification', { permission, requestPermission: ask })
  else delete (window as { Notification?: unknown }).Notification
  const { part } = mountPart(AlertSettings, { texts: { unread: texts } })
  const [notices, sound] = part.findAll('[role=switch]')
  return { part, ask, notices: notices!, sound: sound!, hint: () => part.get('[role=status]').text() }
}

afterEach(() => {
  vi.unstubAllGlobals()
  storage.remove('unread.notices')
  storage.remove('unread.sound')
})

describe('how mentions are told', () => {
  it('is asked of the browser only when one turns it on', async () => {
    const { ask, notices, hint } = setUp('default')
    expect([ask.mock.calls.length, notices.attributes('aria-checked'), hint()]).toEqual([0, 'false', 'The browser will ask once.'])
    await notices.trigger('click')
    await vi.waitFor(() => expect(notices.attributes('aria-checked')).toBe('true'))
    expect([ask.mock.calls.length, hint()]).toEqual([1, 'Only while this page is open somewhere.'])
  })

  it('stays off, with a way out, where the browser says no', async () => {
    const { notices, hint } = setUp('default', 'denied')
    await notices.trigger('click')
    await vi.waitFor(() => expect(hint()).toMatch(/^The browser blocks them/))
    expect(notices.attributes()).toMatchObject({ 'aria-checked': 'false', 'disabled': '' })
  })

  it('says so where the browser has no notifications', () => {
    const { notices, hint } = setUp(undefined)
    expect([notices.attributes('disabled'), hint()]).toEqual(['', 'This browser cannot show any.'])
  })

  it('can be turned off though the browser allows it, and is remembered', async () => {
    const { notices } = setUp('granted')
    expect(notices.attributes('aria-checked')).toBe('true')
    await notices.trigger('click')
    expect([notices.attributes('aria-checked'), readChoices(storage)]).toEqual(['false', { notices: false, sound: false }])
  })

  it('has no sound unless one wants it', () => {
    expect(setUp('granted').sound.attributes('aria-checked')).toBe('false')
  })
})
