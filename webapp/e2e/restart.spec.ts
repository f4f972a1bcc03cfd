/** The server dies under an open page and comes back: nothing acknowledged or written is lost, nothing is there twice. */

import { expect, test } from './fixtures.ts'
import { enterAs, message, say } from './screens.ts'
import { Guest } from './guest.ts'
import { PrickleServer } from './server.ts'

test('messages written before, during and after a crash are all there, once and in order', async ({ newPage }) => {
  test.setTimeout(120_000)
  const server = await PrickleServer.start()
  try {
    const page = await newPage({ baseURL: server.url })
    const lena = await Guest.enter(server.url, 'Lena')
    const room = await lena.createRoom('storm')
    await enterAs(page, 'Hana')
    await page.goto(`/rooms/${room.id}`)
    await say(page, 'before the crash')
    await expect(message(page, 'before the crash')).toBeVisible()

    const wanted = ['before the crash']
    for (let count = 1; count <= 10; count++) {
      wanted.push(`in the storm ${count}`)
      await say(page, `in the storm ${count}`)
      if (count === 4) await server.kill()
    }
    await expect(page.getByText('You are offline.')).toBeVisible({ timeout: 15_000 })
    await server.run()
    await expect(page.getByText(/messages? waits? on this device/)).toBeHidden({ timeout: 30_000 })
    wanted.push('after the crash')
    await say(page, 'after the crash')

    const texts = async () => (await lena.request<{ text: string }[]>('GET', `/api/rooms/${room.id}/messages?limit=100`)).map(({ text }) => text).reverse()
    await expect.poll(texts, { timeout: 20_000 }).toEqual(wanted)
    await expect.poll(() => page.getByRole('log').getByRole('article').count()).toBe(wanted.length)
    for (const text of wanted) await expect(message(page, text)).toHaveCount(1)
    lena.leave()
  }
  finally {
    await server.stop()
  }
})

test('what others write while the page is away arrives when it is back', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const lena = await guest('Lena')
  const room = await lena.createRoom('tunnel')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await lena.say(room, 'before the tunnel')
  await expect(message(page, 'before the tunnel')).toBeVisible()
  await page.context().setOffline(true)
  // An open websocket outlives Chromium's switch; a new one does not.
  await page.evaluate(() => window.dispatchEvent(new Event('offline')))
  await lena.say(room, 'in the tunnel')
  await page.context().setOffline(false)
  await lena.say(room, 'after the tunnel')
  for (const text of ['before the tunnel', 'in the tunnel', 'after the tunnel']) await expect(message(page, text)).toHaveCount(1)
})
