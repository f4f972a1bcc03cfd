/** How a mention is told to somebody who does not look, and that nobody is asked unless they want it. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { composer } from './screens.ts'

/** Keeps what the page notifies of, and how often it asks. */
async function watchNotifications(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { shown: [] as string[], asked: 0 }
    Object.assign(window, { seen })
    const Real = window.Notification
    const ask = Real.requestPermission.bind(Real)
    Real.requestPermission = () => (seen.asked++, ask())
    window.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options)
        seen.shown.push(`${title}: ${options?.body}`)
      }
    }
  })
}

const seen = (page: Page) => page.evaluate(() => (window as unknown as { seen: { shown: string[], asked: number } }).seen)
const icon = (page: Page) => page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href)

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: /Hana/ }).click()
  await expect(page.getByRole('region', { name: 'When I am not looking' })).toBeVisible()
}

test('a mention is notified while nobody looks, where that is allowed and wanted', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('calls')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.context().grantPermissions(['notifications'])
  await watchNotifications(page)
  await page.goto(`/rooms/${room.id}`)
  await expect(composer(page)).toBeVisible()
  const call = () => lena.say(room, `Where are you, <@${hana.id}>?`)
  await call()
  await expect(page.getByRole('log').getByText('Where are you')).toHaveCount(1)
  await page.evaluate(() => void window.dispatchEvent(new Event('blur')))
  await lena.say(room, 'Nobody is meant')
  await call()
  await expect.poll(async () => (await seen(page)).shown).toEqual(['calls: You were mentioned'])
  await openSettings(page)
  const notices = page.getByRole('switch', { name: 'Notify me of mentions' })
  await expect(notices).toHaveAttribute('aria-checked', 'true')
  await notices.click()
  await expect(notices).toHaveAttribute('aria-checked', 'false')
  const sound = page.getByRole('switch', { name: 'Sound' })
  await expect(sound).toHaveAttribute('aria-checked', 'false')
  await sound.press('Space')
  await page.reload()
  await openSettings(page)
  await expect(notices).toHaveAttribute('aria-checked', 'false')
  await expect(sound).toHaveAttribute('aria-checked', 'true')
  expect((await seen(page)).asked).toBe(0)
})

test('the browser is asked when one turns it on, and a refusal is explained', async ({ guest, pageOf }) => {
  const page = await pageOf(await guest('Hana'))
  await watchNotifications(page)
  await page.goto('/')
  await openSettings(page)
  const notices = page.getByRole('switch', { name: 'Notify me of mentions' })
  await expect(page.getByText('The browser will ask once.')).toBeVisible()
  expect((await seen(page)).asked).toBe(0)
  await notices.click() // without a person, the browser says no
  await expect(page.getByText('The browser blocks them.')).toBeVisible()
  await expect(notices).toBeDisabled()
  await expect(notices).toHaveAttribute('aria-checked', 'false')
})

test('the page\'s icon has a dot until everything is read', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const [here, there] = [await hana.createRoom('here'), await hana.createRoom('there')]
  await lena.join(there)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${here.id}`)
  await expect(composer(page)).toBeVisible()
  await expect.poll(() => icon(page)).toMatch(/icon\.svg$/)
  await lena.say(there, 'One')
  await expect.poll(() => icon(page)).toMatch(/^data:image\/svg/)
  await page.bringToFront()
  await page.getByRole('link', { name: /^there/ }).click()
  await expect.poll(() => icon(page)).toMatch(/icon\.svg$/)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the dialog about oneself is accessible, ${colorScheme}`, async ({ guest, pageOf }) => {
    const page = await pageOf(await guest('Hana'), { colorScheme })
    await page.goto('/')
    await openSettings(page)
    await page.getByRole('switch', { name: 'Sound' }).press('Space')
    // What fades in has its final colours only then.
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))))
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })
}
