/** Everything by keyboard. */

import { expect, test } from './fixtures.ts'
import { composer, message } from './screens.ts'

test('a room is read, answered, edited and left by keyboard alone', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('keys')
  await hana.createRoom('next door')
  await hana.join(room)
  await hana.say(room, 'one')
  await hana.say(room, 'two')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('three')
  await page.keyboard.press('Enter')
  await expect(message(page, 'three')).toBeVisible()

  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('End')
  await page.keyboard.type(' and a half')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('three and a half (edited)')

  await page.keyboard.press('Alt+ArrowDown')
  await expect(page).not.toHaveURL(`/rooms/${room.id}`)
})

test('people are mentioned and messages reacted to by keyboard alone', async ({ guest, pageOf }) => {
  const [hana, lena, leo] = [await guest('Hana'), await guest('Lena'), await guest('Leo')]
  const room = await hana.createRoom('by hand')
  await lena.join(room)
  await leo.join(room)
  await leo.say(room, 'one')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(message(page, 'one')).toBeVisible()
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('@le')
  await expect(page.getByRole('option')).toHaveCount(2)
  const second = page.getByRole('option').nth(1)
  const name = (await second.innerText()).split('\n').at(-1)!
  await page.keyboard.press('ArrowDown')
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue(`@${name} `)
  await page.keyboard.type('look')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText(`@${name} look`)

  const isInLog = () => page.evaluate(() => Boolean(document.activeElement?.closest('[role=log]')))
  while (!await isInLog()) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Home')
  await page.keyboard.press('+')
  await expect(page.getByRole('textbox', { name: 'Search emoji' })).toBeFocused()
  await page.keyboard.type('hedgehog')
  await expect(page.getByRole('button', { name: /^hedgehog/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: '1 reacted with 🦔' })).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(isInLog).toBe(true)
})

test('focus comes back from a dialog, and the shortcuts are listed at ?', async ({ guest, pageOf }) => {
  const page = await pageOf(await guest('Hana'))
  const button = page.getByRole('navigation').getByRole('button', { name: 'New room' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'New room' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('a dialog changes nothing of the page behind it', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('still life', 'private')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(composer(page)).toBeVisible()
  // Not a screenshot: a second rendering differs from the first in shades that nobody sees.
  const looks = (): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('html, body, #app *')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const { color, backgroundColor, opacity, visibility, overflow, filter } = getComputedStyle(element)
    return [element.tagName, x, y, width, height, color, backgroundColor, opacity, visibility, overflow, filter].join(' ')
  }))
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.mouse.move(640, 700)
  let before = await looks()
  // What is loaded late has its place, and then the page is still.
  await expect.poll(async () => String(before) === String(before = await looks()), { intervals: [1000] }).toBe(true)
  await page.getByRole('navigation').getByRole('button', { name: 'New room' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.mouse.move(640, 700)
  await expect.poll(looks).toEqual(before)
})
