/** What is different on a phone. */

import { expect, test } from './fixtures.ts'

test('the list and a room are one page each, with a way back', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('one at a time')
  const page = await pageOf(hana)
  const row = page.getByRole('link', { name: 'one at a time' })
  await row.click()
  await expect(page).toHaveURL(`/rooms/${room.id}`)
  await expect(row).toBeHidden()
  await expect(page.getByRole('button', { name: 'Copy link' }), 'however long the link is').toBeInViewport({ ratio: 1 })
  await page.getByRole('button', { name: 'Members' }).click()
  await expect(page.getByRole('complementary')).toBeVisible()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(row).toBeVisible()
})
