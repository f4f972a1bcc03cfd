/** What becomes of files in a room that fills up: announced, and seen by those who look at it. */

import { attach, send, test } from './files.ts'
import { expect } from './fixtures.ts'
import type { Guest } from './guest.ts'
import { picture } from './pictures.ts'

const MAP = { name: 'map.png', mimeType: 'image/png', buffer: picture(600, 400) }
const ALLOWED = 8 * MAP.buffer.length

// A room keeps nine tenths of what it may take.
test.use({ settings: [`plugins.files.max_room_bytes=${Math.ceil(ALLOWED / 0.9)}`, 'plugins.files.sweep_interval_s=1'] })

/** Sends a file of so many bytes, without a page. */
async function sendFile(guest: Guest, id: string, name: string, size: number): Promise<void> {
  const file = await guest.upload({ id, name: '' }, name, Buffer.alloc(size, name))
  await guest.say({ id, name: '' }, '', { files: [file.id] })
}

test('the oldest files are announced, then gone from the panel and marked in their messages', async ({ room: { hana, lena, id, crew } }) => {
  await attach(hana, MAP)
  await send(hana)
  await lena.getByRole('tab', { name: 'Files' }).click()
  const panel = lena.getByRole('tabpanel', { name: 'Files' })
  const image = lena.getByRole('button', { name: 'Open map.png' })
  await expect(image).toBeVisible()
  const { width, height } = (await image.boundingBox())!
  await expect(panel).toContainText(/ of \d+ kB\s*Oldest files go first\. Files are kept here for 30 days\./)
  await expect(panel).not.toContainText('Next to go')

  await sendFile(crew, id, 'notes.txt', ALLOWED - MAP.buffer.length)
  await expect(panel).toContainText('Nearly full. The oldest files go next.')
  await expect(panel.getByRole('listitem').filter({ hasText: 'map.png' })).toContainText('Next to go')
  await expect(panel.getByRole('listitem').filter({ hasText: 'notes.txt' })).not.toContainText('Next to go')

  await sendFile(crew, id, 'last.txt', 1_000)
  const gone = lena.getByRole('log').locator('[title="map.png"]')
  await expect(gone).toHaveText('This file has expired')
  expect(await gone.boundingBox()).toMatchObject({ width, height })
  await expect(panel.getByRole('listitem')).toHaveText([/last\.txt/, /notes\.txt/])
  await lena.reload()
  await expect(gone).toHaveText('This file has expired')
})
