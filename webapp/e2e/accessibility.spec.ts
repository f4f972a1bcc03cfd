/** axe finds nothing on any screen, light and dark. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { Guest } from './guest.ts'
import { message } from './screens.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page, screen: string): Promise<void> {
  // What fades in has its final colours only then.
  await page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished.catch(() => undefined))))
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  const found = violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`)
  expect(found).toEqual([])
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages before a room are accessible, ${colorScheme}`, async ({ guest, newPage, pageOf }) => {
    const hana = await guest('Hana')
    const room = await hana.createRoom('autumn-trip', 'private')
    const stranger = await newPage({ colorScheme })
    for (const path of ['/', await hana.invite(room), '/link#token', '/about', '/nowhere']) {
      await stranger.goto(path)
      await stranger.waitForLoadState('networkidle')
      await expectAccessible(stranger, path)
    }
    const page = await pageOf(hana, { colorScheme })
    for (const path of ['/', '/rooms', '/about', '/rooms/room_unknown']) {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      await expectAccessible(page, path)
    }
  })

  test(`a room with its menus and dialogs is accessible, ${colorScheme}`, async ({ guest, pageOf }) => {
    const hana = await guest('Hana')
    const page = await pageOf(hana, { colorScheme })
    const room = await talkIn(hana, await guest('Lena'))
    await page.goto(`/rooms/${room.id}`)
    await expect(message(page, 'And a reply')).toBeVisible()
    await expectAccessible(page, 'room')
    const header = page.getByRole('main').getByRole('banner').or(page.getByRole('main').locator('header')).first()
    await header.getByRole('button', { name: 'More' }).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await expectAccessible(page, 'room menu')
    await page.getByRole('menuitem', { name: 'Room settings' }).click()
    await expect(page.getByRole('dialog', { name: 'Room settings' })).toBeVisible()
    await expect(page.getByRole('menu')).toBeHidden()
    await expectAccessible(page, 'room settings')
    await page.keyboard.press('Escape')
    await header.getByRole('button', { name: 'Invite people' }).click()
    await expect(page.getByRole('dialog', { name: /^Invite to/ })).toBeVisible()
    await expectAccessible(page, 'invite')
  })
}

async function talkIn(hana: Guest, lena: Guest): Promise<{ id: string }> {
  const room = await hana.createRoom('talk')
  await hana.join(room)
  await lena.join(room)
  const first = await lena.say(room, 'Hut is booked for Saturday')
  await hana.say(room, 'And a reply', { reply_to: first })
  const gone = await lena.say(room, 'Not this')
  await lena.command('messages.delete', { room: room.id, seq: gone })
  return room
}
