/** Files under a thumb, on a page of 360 px. */

import type { Page } from '@playwright/test'
import { attach, isDrawn, notes, photo, pick, send, test, tray } from './files.ts'
import { expect } from './fixtures.ts'
import { composer } from './screens.ts'

const LONG_NAME = 'a very long name of a track that nobody reads to its end.gpx'

/** What looks cut off on a narrow page. */
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

test('a thumb picks files, takes one back, and sends the rest', async ({ room: { hana, lena } }) => {
  await pick(hana, [photo, notes, { ...notes, name: LONG_NAME }])
  await expect(tray(hana).getByRole('button', { name: /^Remove/ })).toHaveCount(3)
  for (const button of await tray(hana).getByRole('button').all()) {
    const box = await button.boundingBox()
    expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(44)
  }
  await expect(composer(hana)).toBeInViewport()
  await tray(hana).getByRole('button', { name: 'Remove notes.txt' }).tap()
  await expect(tray(hana).getByRole('listitem')).toHaveText([/ridge-path\.png/, /\.gpx/])
  await hana.getByRole('button', { name: 'Send' }).tap()
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
  await expect(lena.getByRole('button', { name: `Download ${LONG_NAME}` })).toBeInViewport({ ratio: 1 })
  await expect(lena.getByRole('log')).not.toContainText('notes.txt')
  expect([await overflow(hana), await overflow(lena)]).toEqual([0, 0])
})

test('an image opens by a tap, leads to the next by tap and swipe, and closes by a tap', async ({ room: { hana, lena } }) => {
  await attach(hana, [photo, { ...photo, name: 'second.png' }])
  await send(hana)
  await lena.getByRole('button', { name: 'Open ridge-path.png' }).tap()
  const first = lena.getByRole('dialog', { name: 'ridge-path.png' })
  const second = lena.getByRole('dialog', { name: 'second.png' })
  await expect(first).toContainText('1 of 2')
  await expect.poll(() => isDrawn(first.getByRole('img', { name: 'ridge-path.png' }))).toBe(true)
  // Taps before swipes: a browser takes one that follows at once for the end of the swipe.
  await first.getByRole('button', { name: 'Next image' }).tap()
  await expect(second).toContainText('2 of 2')
  await second.getByRole('button', { name: 'Close' }).tap()
  await expect(second).toBeHidden()
  await lena.getByRole('button', { name: 'Open ridge-path.png' }).tap()
  await expect(first).toContainText('1 of 2')
  await swipe(lena, 300, 80)
  await expect(second).toContainText('2 of 2')
  await swipe(lena, 180, 160)
  await expect(second).toBeVisible()
  await swipe(lena, 80, 300)
  await expect(first).toContainText('1 of 2')
})

test('the panel covers the room, and leads back to it', async ({ room: { hana, lena } }) => {
  await attach(hana, [photo, { ...notes, name: LONG_NAME }])
  await send(hana)
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
  await lena.getByRole('button', { name: 'Members' }).tap()
  await lena.getByRole('tab', { name: 'Files' }).tap()
  const panel = lena.getByRole('tabpanel', { name: 'Files' })
  await expect(panel).toContainText('Oldest files go first.')
  await expect(panel.getByRole('listitem')).toHaveCount(2)
  const [download] = await Promise.all([lena.waitForEvent('download'), panel.getByRole('button', { name: `Download ${LONG_NAME}` }).tap()])
  expect(download.suggestedFilename()).toBe(LONG_NAME)
  expect(await overflow(lena)).toBe(0)
  await lena.getByRole('button', { name: 'Close' }).tap()
  await expect(composer(lena)).toBeVisible()
})

async function swipe(page: Page, from: number, to: number): Promise<void> {
  const fingers = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove', x: number) => fingers.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y: 400 }] })
  await touch('touchStart', from)
  for (let step = 1; step <= 4; step++) await touch('touchMove', from + (to - from) * step / 4)
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
