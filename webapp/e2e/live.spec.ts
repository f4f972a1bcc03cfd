/** Who is there, who writes, what is unread, and reactions. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'
import { composer, message } from './screens.ts'

test('one sees who is writing, until their message is there', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('typing')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(composer(page)).toBeVisible()
  await lena.command('typing.start', { room: room.id })
  await expect(page.getByText('Lena is typing')).toBeVisible()
  await lena.say(room, 'Here it is')
  await expect(message(page, 'Here it is')).toBeVisible()
  await expect(page.getByText('Lena is typing')).toHaveCount(0)
})

test('others are told that one writes, and not for a draft', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('writing')
  await lena.join(room)
  const [hers, mine] = [await pageOf(lena), await pageOf(hana)]
  await hers.goto(`/rooms/${room.id}`)
  await mine.goto(`/rooms/${room.id}`)
  await composer(mine).pressSequentially('Hello there')
  await expect(hers.getByText('Hana is typing')).toBeVisible()
  await mine.reload()
  await expect(composer(mine)).toHaveValue('Hello there')
  await expect(hers.getByText('Hana is typing')).toHaveCount(0)
})

test('unread messages are counted in the list and the title, and read when they are on the screen', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const [here, there] = [await hana.createRoom('here'), await hana.createRoom('there')]
  await lena.join(there)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${here.id}`)
  await expect(composer(page)).toBeVisible()
  await lena.say(there, 'One')
  await lena.say(there, `Two for <@${hana.id}>`)
  const row = page.getByRole('link', { name: /^there/ })
  await expect(row).toContainText('2 unread')
  await expect(row).toContainText('1 mention')
  await expect(page).toHaveTitle(/^\(2\) here/)
  await page.bringToFront()
  await row.click()
  await expect(page.getByRole('separator', { name: 'New' })).toBeVisible()
  await expect(row).not.toContainText('unread')
  await expect(page).toHaveTitle(/^there/)
  await page.goto(`/rooms/${here.id}`)
  await expect(page.getByRole('link', { name: /^there/ })).not.toContainText('unread')
})

test('a message can be marked as unread', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const [room, other] = [await hana.createRoom('marks'), await hana.createRoom('other')]
  await lena.join(room)
  await lena.say(room, 'One')
  await lena.say(room, 'Two')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await message(page, 'Two').hover()
  await page.getByRole('button', { name: 'Mark unread from here' }).click()
  const row = page.getByRole('link', { name: /^marks/ })
  await expect(row).toContainText('1 unread')
  await page.goto(`/rooms/${other.id}`)
  await expect(row).toContainText('1 unread')
})

test('a reaction is added, counted, picked by its name, and taken away', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('reactions')
  await lena.join(room)
  const seq = await lena.say(room, 'The hut is booked')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await message(page, 'The hut is booked').hover()
  await page.getByRole('button', { name: '🎉' }).click()
  const party = page.getByRole('button', { name: '1 reacted with 🎉' })
  await expect(party).toHaveAttribute('aria-pressed', 'true')
  await lena.command('reactions.add', { room: room.id, seq, emoji: '🎉' })
  await expect(page.getByRole('button', { name: '2 reacted with 🎉' })).toBeVisible()
  await page.getByRole('group', { name: 'Reactions' }).getByRole('button', { name: 'Add a reaction' }).click()
  await page.getByRole('textbox', { name: 'Search emoji' }).fill('hedgehog')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: '1 reacted with 🦔' })).toBeVisible()
  await page.getByRole('button', { name: '2 reacted with 🎉' }).click()
  await expect(page.getByRole('button', { name: '1 reacted with 🎉' })).toHaveAttribute('aria-pressed', 'false')
  await page.reload()
  await expect(page.getByRole('button', { name: '1 reacted with 🦔' })).toHaveAttribute('aria-pressed', 'true')
})

test('an emoji is put where the caret is, and writing goes on', async ({ guest, pageOf }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('emoji')
  await hana.join(room)
  await hana.say(room, 'Hello')
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await composer(page).fill('ab')
  await page.keyboard.press('ArrowLeft')
  const button = page.getByRole('button', { name: 'Add an emoji' })
  await button.press('Enter')
  await page.getByRole('textbox', { name: 'Search emoji' }).fill('hedgehog')
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('a🦔b')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('!')
  await expect(composer(page)).toHaveValue('a🦔!b')
  await button.click()
  await expect(page.getByRole('dialog', { name: 'Add an emoji' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(message(page, 'a🦔!b')).toBeVisible()
})

test('members show who is there', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('presence')
  await lena.join(room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  const members = page.getByRole('complementary')
  await expect(members.getByRole('img', { name: 'online' })).toHaveCount(2)
  await lena.command('presence.update', { state: 'away' })
  await expect(members.getByRole('img', { name: 'away' })).toHaveCount(1)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`reactions, the picker, badges and the divider are accessible, ${colorScheme}`, async ({ guest, pageOf }) => {
    test.slow()
    const [hana, lena] = [await guest('Hana'), await guest('Lena')]
    const [room, other] = [await hana.createRoom('axe'), await hana.createRoom('other')]
    for (const where of [room, other]) await lena.join(where)
    const seq = await lena.say(room, 'The hut is booked')
    await lena.command('reactions.add', { room: room.id, seq, emoji: '🎉' })
    await lena.say(other, `Look, <@${hana.id}>`)
    const page = await pageOf(hana, { colorScheme })
    await page.goto(`/rooms/${room.id}`)
    await expect(page.getByRole('separator', { name: 'New' })).toBeVisible()
    const violations = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    expect(await violations()).toEqual([])
    await page.getByRole('group', { name: 'Reactions' }).getByRole('button', { name: 'Add a reaction' }).click()
    await page.getByRole('textbox', { name: 'Search emoji' }).fill('animal') // axe needs a minute for all of them
    await expect(page.getByRole('button', { name: /^hedgehog/ })).toBeVisible()
    // The dialog fades in, and has its final colours only then.
    await expect.poll(() => page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)).toBe(0)
    expect(await violations()).toEqual([])
  })
}
