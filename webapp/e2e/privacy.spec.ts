/** Who is not in a private room learns nothing of it. */

import { expect, test } from './fixtures.ts'
import { message } from './screens.ts'

test('a stranger cannot read a private room, not even with its address', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('our secret', 'private')
  await hana.join(room)
  await hana.say(room, 'nobody else reads this')
  const stranger = await guest('Stranger')
  const page = await pageOf(stranger)
  await page.goto(`/rooms/${room.id}`)
  await expect(page.getByText('This room is not here')).toBeVisible()
  await expect(page.getByText('our secret')).toHaveCount(0)
  await expect(page.getByText('nobody else reads this')).toHaveCount(0)
})

test('somebody who is removed while reading loses the room at once', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const noor = await guest('Noor')
  const room = await hana.createRoom('leaving', 'private')
  await hana.join(room)
  const token = (await hana.invite(room)).split('#')[1]
  await noor.request('POST', `/api/invites/${token}/accept`)
  const page = await pageOf(noor)
  await page.goto(`/rooms/${room.id}`)
  await hana.say(room, 'welcome')
  await expect(message(page, 'welcome')).toBeVisible()
  await hana.request('DELETE', `/api/rooms/${room.id}/members/${noor.id}`)
  await hana.say(room, 'without Noor')
  await expect(page.getByText('without Noor')).toHaveCount(0)
  await expect(page.getByRole('navigation').getByText('leaving')).toHaveCount(0)
})
