/** Browsers that keep nothing, and pages that open without a connection. */

import { expect, test } from './fixtures.ts'
import { createRoom, enterAs, message, say } from './screens.ts'
import { newestMessages } from './stored.ts'

test('where storage is forbidden people still chat, and are told that nothing is kept', async ({ newPage }) => {
  const page = await newPage()
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
      Object.defineProperty(window, name, { get: () => {
        throw new DOMException('denied', 'SecurityError')
      } })
    }
  })
  await page.goto('/')
  await expect(page.getByText(/This browser keeps nothing/)).toBeVisible()
  await enterAs(page, 'Hana')
  await createRoom(page, 'no traces')
  await say(page, 'still here')
  await expect(message(page, 'still here')).toHaveCount(1)
})

test('a page that was open before opens without a connection', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('kept')
  await hana.join(room)
  await hana.say(room, 'read me offline')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(message(page, 'read me offline')).toBeVisible()
  await page.evaluate(async () => void await navigator.serviceWorker.ready)
  await expect.poll(async () => JSON.stringify(await newestMessages(page))).toContain('read me offline')
  await page.reload()
  await expect(message(page, 'read me offline')).toBeVisible()
  await page.context().setOffline(true)
  await page.reload()
  await expect(page.getByRole('navigation').getByText('kept')).toBeVisible()
  await expect(message(page, 'read me offline')).toBeVisible()
})
