/** What visits cost on the wire, with headers, answers of the API and what the service worker fetches. */

import { expect, test } from './fixtures.ts'
import { Meter } from './meter.ts'
import { message } from './screens.ts'

const FIRST_VISIT_BYTES = 170 * 1024
const NEXT_VISIT_BYTES = 3 * 1024

test('a first visit by an invitation costs at most 170 KB, the next one at most 3 KB', async ({ guest, newPage, server }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('light')
  await hana.join(room)
  await hana.say(room, 'hello')
  const invite = await hana.invite(room)
  const meter = await Meter.before(server.port)
  const page = await newPage({ baseURL: meter.url })

  const first = await meter.during(async () => {
    await page.goto(invite.replace(server.url, meter.url))
    await page.getByRole('textbox', { name: 'What should people call you?' }).fill('Aiko')
    await page.getByRole('button', { name: 'Join the room' }).click()
    await expect(message(page, 'hello')).toBeVisible()
    await page.evaluate(async () => void await navigator.serviceWorker.ready)
    await page.waitForLoadState('networkidle')
  })
  await page.reload() // the service worker takes over
  await page.waitForLoadState('networkidle')
  const next = await meter.during(async () => {
    await page.reload()
    await expect(message(page, 'hello')).toBeVisible()
    await page.waitForLoadState('networkidle')
  })
  meter.close()
  console.info(`first visit ${first} bytes, next visit ${next} bytes`)
  expect(first).toBeLessThanOrEqual(FIRST_VISIT_BYTES)
  expect(next).toBeLessThanOrEqual(NEXT_VISIT_BYTES)
})
