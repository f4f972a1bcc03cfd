/** Who is there and how many, and when the others were last seen, where that is kept. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'

test.use({ settings: ['plugins.presence.last_seen=true', 'plugins.presence.grace_s=1'] })

test('members are told apart by who is there, with when the others were last seen', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('people')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(page.getByRole('main').getByText('2 online')).toBeVisible()
  const members = page.getByRole('complementary')
  const online = members.getByRole('region', { name: 'Online' })
  await expect(online.getByText('Lena')).toBeVisible()
  await expect(members.getByText('last seen')).toHaveCount(0)
  lena.leave()
  const offline = members.getByRole('region', { name: 'Offline' })
  await expect(offline.getByText('Lena')).toBeVisible()
  await expect(offline.getByText(/last seen \d+ minutes? ago/)).toBeVisible()
  await expect(offline.getByRole('img', { name: 'offline' })).toHaveCount(1)
  await expect(page.getByRole('main').getByText('1 online')).toBeVisible()
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.reload()
    await expect(offline.getByText(/last seen \d+ minutes? ago/)).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  }
})

test('lists of public rooms show how many are online', async ({ guest, newPage }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('lively')
  await hana.join(room)
  const page = await newPage()
  await expect(async () => {
    await page.goto('/')
    await expect(page.getByRole('link', { name: /lively/ })).toContainText('1 online', { timeout: 1_000 })
  }).toPass()
})
