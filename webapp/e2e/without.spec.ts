/** Each of the live plugins can be left out of the settings, and people still talk. */

import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from './fixtures.ts'
import { Guest } from './guest.ts'
import { composer, message, say } from './screens.ts'
import { PrickleServer } from './server.ts'

const PLUGINS = readdirSync(resolve(import.meta.dirname, '../../plugins'), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && /^[a-z]/.test(entry.name)).map(({ name }) => name)

for (const absent of ['presence', 'typing', 'unread', 'reactions']) {
  test(`without ${absent} people talk, and see who belongs to the room`, async ({ pageOf }) => {
    const server = await PrickleServer.start([`plugins.enabled=${PLUGINS.filter(plugin => plugin !== absent).join(',')}`])
    const [hana, lena] = [await Guest.enter(server.url, 'Hana'), await Guest.enter(server.url, 'Lena')]
    try {
      const room = await hana.createRoom('fewer')
      await lena.join(room)
      await lena.say(room, `Hello <@${hana.id}>`)
      const page = await pageOf(hana, { baseURL: server.url })
      await page.goto(`/rooms/${room.id}`)
      await expect(page.getByRole('log').getByText('Hello')).toBeVisible()
      await say(page, 'Good morning')
      await expect(message(page, 'Good morning')).toBeVisible()
      await lena.say(room, 'How are you?')
      await expect(message(page, 'How are you?')).toBeVisible()
      await expect(page.getByRole('complementary').getByText('Lena')).toBeVisible()
      await composer(page).fill('@le')
      await expect(page.getByRole('option', { name: /Lena/ })).toBeVisible()
      await page.getByRole('navigation').getByRole('button', { name: /Hana/ }).click()
      await expect(page.getByRole('dialog', { name: 'You' })).toBeVisible()
    }
    finally {
      lena.leave()
      await server.stop()
    }
  })
}
