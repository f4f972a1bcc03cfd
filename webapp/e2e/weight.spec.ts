/** What visits cost on the wire, headers and answers of the API included, as Chromium counts it. */

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { message } from './screens.ts'

const FIRST_VISIT_BYTES = 170 * 1024
const NEXT_VISIT_BYTES = 3 * 1024

test('a first visit by an invitation costs at most 170 KB, the next one at most 3 KB', async ({ guest, newPage }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('light')
  await hana.join(room)
  await hana.say(room, 'hello')
  const page = await newPage({ serviceWorkers: 'block' })
  const first = await countBytes(page, async () => {
    await page.goto(await hana.invite(room))
    await page.getByRole('textbox', { name: 'What should people call you?' }).fill('Aiko')
    await page.getByRole('button', { name: 'Join the room' }).click()
    await expect(message(page, 'hello')).toBeVisible()
  })
  const next = await countBytes(page, async () => {
    await page.reload()
    await expect(message(page, 'hello')).toBeVisible()
    await page.waitForLoadState('networkidle')
  })
  test.info().annotations.push({ type: 'bytes', description: `first ${first}, next ${next}` })
  expect(first).toBeLessThanOrEqual(FIRST_VISIT_BYTES)
  expect(next).toBeLessThanOrEqual(NEXT_VISIT_BYTES)
})

async function countBytes(page: Page, visit: () => Promise<void>): Promise<number> {
  const client = await page.context().newCDPSession(page)
  let bytes = 0
  client.on('Network.loadingFinished', ({ encodedDataLength }) => bytes += encodedDataLength)
  await client.send('Network.enable')
  await visit()
  await client.detach()
  return bytes
}
