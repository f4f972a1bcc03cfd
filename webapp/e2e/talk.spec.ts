/** Two guests meet and talk. */

import { expect, test } from './fixtures.ts'
import { composer, createRoom, enterAs, inviteLink, message, say } from './screens.ts'

test('two guests meet by a link and talk, without an account', async ({ newPage }) => {
  const hana = await newPage()
  await enterAs(hana, '하나 Hana')
  await createRoom(hana, 'trail-crew')
  const link = await inviteLink(hana)

  const tomas = await newPage()
  await tomas.goto(link)
  await tomas.getByRole('textbox', { name: 'What should people call you?' }).fill('Tomás')
  await tomas.getByRole('button', { name: 'Join the room' }).click()
  await expect(tomas.getByRole('main', { name: 'trail-crew' })).toBeVisible()

  await say(tomas, 'Is there room for one more?')
  await expect(message(hana, 'Is there room for one more?')).toHaveCount(1)
  await say(hana, '그럼요! 토요일 아침 7시예요.')
  await expect(message(tomas, '그럼요! 토요일 아침 7시예요.')).toHaveCount(1)
  await expect(message(hana, '그럼요! 토요일 아침 7시예요.')).toHaveCount(1)
  await expect(tomas.getByRole('article', { name: /^하나 Hana, / })).toHaveCount(1)
})

test('what is edited and deleted changes for everybody', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const lena = await guest('Lena')
  const room = await hana.createRoom('edits')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  const seq = await lena.say(room, 'Meet at exit 2')
  const gone = await lena.say(room, 'Never mind')
  await expect(message(page, 'Meet at exit 2')).toBeVisible()
  await lena.command('messages.update', { room: room.id, seq, text: 'Meet at exit 3' })
  await lena.command('messages.delete', { room: room.id, seq: gone })
  await expect(page.getByRole('log')).toContainText('Meet at exit 3')
  await expect(page.getByRole('log')).toContainText('(edited)')
  await expect(page.getByText('Lena deleted this message')).toBeVisible()
  await expect(message(page, 'Never mind')).toHaveCount(0)
})

test('a draft survives a reload, per room', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const [first, second] = [await hana.createRoom('first'), await hana.createRoom('second')]
  const page = await pageOf(hana)
  await page.goto(`/rooms/${first.id}`)
  await composer(page).fill('half a thou')
  await page.goto(`/rooms/${second.id}`)
  await expect(composer(page)).toHaveValue('')
  await page.goto(`/rooms/${first.id}`)
  await expect(composer(page)).toHaveValue('half a thou')
})
