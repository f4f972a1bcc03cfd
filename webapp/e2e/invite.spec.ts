/** Invitations: a link, a name, and in. */

import { expect, test } from './fixtures.ts'

test('a link leads a newcomer into the room, and on the way says which', async ({ guest, newPage }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('가을 여행 autumn-trip', 'private')
  const page = await newPage()
  await page.goto(await hana.invite(room))
  await expect(page.getByText('가을 여행 autumn-trip')).toBeVisible()
  await page.getByRole('textbox', { name: 'What should people call you?' }).fill('준호')
  await page.getByRole('button', { name: 'Join the room' }).click()
  await expect(page.getByRole('main', { name: '가을 여행 autumn-trip' })).toBeVisible()
  await expect(page).toHaveURL(`/rooms/${room.id}`)
})

test('a link that does not work says so in words', async ({ newPage }) => {
  const page = await newPage()
  await page.goto('/invite#nonsense')
  await expect(page.getByText('This invite does not work any more. Ask for a new one.')).toBeVisible()
})

test('an address that somebody sent is opened after the name', async ({ guest, newPage }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('open house')
  const page = await newPage()
  await page.goto(`/rooms/${room.id}`)
  await page.getByRole('textbox', { name: 'What should people call you?' }).fill('Aiko')
  await page.getByRole('button', { name: 'Enter as a guest' }).click()
  await expect(page.getByRole('main', { name: 'open house' })).toBeVisible()
})

test('the first page shows public rooms, and one that is chosen is opened after the name', async ({ guest, newPage }) => {
  const hana = await guest('Hana')
  await hana.createRoom('everybody welcome')
  await hana.createRoom('just us', 'private')
  const page = await newPage()
  await page.goto('/')
  const rooms = page.getByRole('region', { name: 'Open to everybody' })
  await rooms.getByRole('link', { name: 'everybody welcome' }).click()
  await expect(page.getByText('just us')).toBeHidden()
  const name = page.getByRole('textbox', { name: 'What should people call you?' })
  await expect(name).toBeFocused()
  await name.fill('Aiko')
  await name.press('Enter')
  await expect(page.getByRole('main', { name: 'everybody welcome' })).toBeVisible()
})
