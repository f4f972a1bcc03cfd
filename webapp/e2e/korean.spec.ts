/** Korean: the page's language, and writing with an input method. */

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { composer, message } from './screens.ts'

test('a Korean browser gets a Korean page, and the language changes without a reload', async ({ newPage }) => {
  const page = await newPage({ locale: 'ko-KR' })
  await page.goto('/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('바로 이야기해요.')
  await page.getByRole('textbox', { name: '어떻게 불러 드릴까요?' }).fill('하나')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Start talking.')
  await expect(page.getByRole('textbox', { name: 'What should people call you?' })).toHaveValue('하나')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Start talking.')
})

test('Enter that ends an IME composition sends nothing, the next one sends all', async ({ guest, pageOf }) => {
  const hana = await guest('하나')
  const room = await hana.createRoom('한강 러닝')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(composer(page)).toBeFocused()
  await compose(page, '안녕')
  await pressWhileComposing(page, 'Enter')
  await commit(page, '안녕')
  await expect(composer(page)).toHaveValue('안녕')
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('')
  // Messages arrive in order: by the time that this one is there, nothing else is on its way.
  await hana.join(room)
  await expect(message(page, '안녕')).toHaveCount(1)
  await hana.say(room, '다음')
  await expect(message(page, '다음')).toBeVisible()
  await expect(page.getByRole('article')).toHaveText([/안녕/, /다음/])
})

async function compose(page: Page, text: string): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

/** As a browser tells of a key that the input method takes for itself. */
async function pressWhileComposing(page: Page, key: string): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: 229 })
  await client.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: 229 })
}

async function commit(page: Page, text: string): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('Input.insertText', { text })
}
