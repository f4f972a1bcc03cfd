/** Files: from one guest's picker to another one's screen. */

import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { attach, isDrawn, notes, photo, pick, send, test, tray } from './files.ts'
import { expect } from './fixtures.ts'
import { composer, message } from './screens.ts'
import { keptUploads, outbox } from './stored.ts'
import { picture } from './pictures.ts'

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`)
}

test('a picked image is a thumbnail for others, and opens large', async ({ room: { hana, lena } }) => {
  await pick(hana, [photo, notes])
  await expect(tray(hana).getByRole('listitem')).toHaveCount(2)
  await composer(hana).fill('From the saddle')
  await composer(hana).press('Enter')
  await expect(tray(hana)).toBeHidden()

  const image = lena.getByRole('button', { name: 'Open ridge-path.png' })
  await expect(image).toBeVisible()
  const place = await image.boundingBox()
  await expect.poll(() => isDrawn(image.locator('img'))).toBe(true)
  expect(await image.boundingBox()).toEqual(place)
  await expect(lena.getByRole('log')).toContainText('10 bytes')

  await image.focus()
  await lena.keyboard.press('Enter')
  const dialog = lena.getByRole('dialog', { name: 'ridge-path.png' })
  await expect.poll(() => isDrawn(dialog.getByRole('img', { name: 'ridge-path.png' }))).toBe(true)
  await lena.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(image).toBeFocused()
  await lena.reload()
  await expect(image).toBeVisible()
})

test('the tray, the panel and an opened image are accessible', async ({ room: { hana } }) => {
  await attach(hana, [photo, { ...photo, name: '산등성이.png' }])
  await expect(tray(hana).getByRole('button', { name: /^Remove/ })).toHaveCount(2)
  await hana.getByRole('tab', { name: 'Files' }).click()
  expect(await faultsOf(hana)).toEqual([])
  await send(hana)
  await hana.getByRole('button', { name: 'Open ridge-path.png' }).click()
  await expect(hana.getByRole('dialog', { name: 'ridge-path.png' })).toBeVisible()
  await hana.keyboard.press('ArrowRight')
  await expect(hana.getByRole('dialog', { name: '산등성이.png' })).toContainText('2 of 2')
  expect(await faultsOf(hana)).toEqual([])
})

test('a file that is too large is refused before a byte of it leaves, and takes no retry', async ({ room: { hana } }) => {
  const folder = await mkdtemp(join(tmpdir(), 'prickle-large-'))
  const path = join(folder, 'panorama.tiff')
  await writeFile(path, '')
  await truncate(path, 38 * 2 ** 20)
  const uploads: string[] = []
  hana.on('request', request => request.method() !== 'GET' && uploads.push(request.url()))
  await attach(hana, path)
  await expect(tray(hana).getByRole('alert')).toHaveText('38 MB. The limit is 25 MB')
  await expect(tray(hana).getByRole('button')).toHaveCount(1)
  await expect(hana.getByRole('button', { name: 'Send' })).toBeDisabled()
  await tray(hana).getByRole('button', { name: 'Remove panorama.tiff' }).click()
  await expect(tray(hana)).toBeHidden()
  expect(uploads).toEqual([])
  await rm(folder, { recursive: true })
})

test('a file is downloaded under its name, an SVG too', async ({ room: { hana, lena } }) => {
  const logo = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
  await attach(hana, { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(logo) })
  await send(hana)
  const [download] = await Promise.all([lena.waitForEvent('download'), lena.getByRole('button', { name: 'Download logo.svg' }).click()])
  expect(download.suggestedFilename()).toBe('logo.svg')
  expect(await readFile(await download.path(), 'utf8')).toBe(logo)
})

test('a large file goes on after a cut, and its message waits for it', async ({ room: { hana, lena } }) => {
  let parts = 0
  await hana.route('**/uploads/*', route => route.request().method() === 'PATCH' && ++parts === 2 ? route.abort() : route.continue())
  await attach(hana, { name: 'tracks.zip', mimeType: 'application/zip', buffer: Buffer.alloc(12 * 2 ** 20, 'PK') })
  await composer(hana).fill('All tracks')
  await send(hana)
  await composer(hana).fill('Sent after it')
  await send(hana)
  await expect(message(lena, 'Sent after it')).toBeVisible()
  await expect(lena.getByRole('log')).toContainText('12 MB', { timeout: 30_000 })
  expect(parts).toBe(4)
})

test('what was sent off without a way to the server arrives after a reload', async ({ room: { hana, lena } }) => {
  await hana.route('**/api/rooms/*/files', route => route.request().method() === 'POST' ? route.abort() : route.continue())
  await attach(hana, photo)
  await send(hana)
  await expect(hana.getByRole('log').getByText('Sending')).toBeVisible()
  await expect.poll(() => keptUploads(hana)).toHaveLength(1)
  await expect.poll(() => outbox(hana)).toHaveLength(1)
  await hana.unrouteAll()
  await hana.reload()
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
})

test('a message without a connection shows what goes with it, and takes it along later', async ({ room: { hana, lena } }) => {
  await attach(hana, notes)
  await expect(tray(hana).getByRole('button', { name: 'Remove notes.txt' })).toBeVisible()
  await hana.context().setOffline(true)
  await expect(hana.getByText('You are offline.')).toBeVisible()
  await attach(hana, photo)
  await expect(tray(hana).getByText('Waiting for a connection')).toBeVisible()
  await send(hana)
  await expect(hana.getByRole('log').getByRole('listitem')).toHaveText([/notes\.txt/, /ridge-path\.png/])
  await hana.context().setOffline(false)
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
  await expect(lena.getByRole('log')).toContainText('notes.txt')
})

test('files are dropped and pasted, ten at most', async ({ room: { hana } }) => {
  await hana.evaluate(() => {
    const transfer = new DataTransfer()
    for (let number = 0; number < 11; number++) transfer.items.add(new File([`${number}`], `${number}.txt`))
    const fire = (type: string) => document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
    fire('dragenter')
    fire('drop')
  })
  await expect(tray(hana).getByRole('listitem')).toHaveCount(10)
  await expect(hana.getByText('A message carries at most 10 files.')).toBeVisible()
  await tray(hana).getByRole('button', { name: 'Remove 3.txt' }).click()
  await hana.evaluate((bytes) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, [...picture(40, 30)])
  await expect(tray(hana).getByRole('listitem')).toHaveText([/0\.txt/, /1\.txt/, /2\.txt/, /4\.txt/, /5\.txt/, /6\.txt/, /7\.txt/, /8\.txt/, /9\.txt/, /pasted\.png/])
})

test('the panel lists the files of the room, and a file that has gone says so', async ({ room: { hana, lena } }) => {
  await lena.getByRole('tab', { name: 'Files' }).click()
  await expect(lena.getByText('Files of this room gather here.')).toBeVisible()
  await attach(hana, [photo, { name: 'packing-list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') }])
  await send(hana)
  const panel = lena.getByRole('tabpanel', { name: 'Files' })
  await expect(panel).toContainText('packing-list.pdf')
  await expect(panel).toContainText('8 bytes, Hana')
  await expect.poll(() => isDrawn(lena.getByRole('button', { name: 'Open ridge-path.png' }).locator('img'))).toBe(true)
  // What retention does after its days.
  await lena.route('**/api/files/**', route => route.fulfill({ status: 404 }))
  await panel.getByRole('button', { name: 'Download packing-list.pdf' }).click()
  await expect(panel).toContainText('File removed')
  await expect(lena.getByRole('log').getByText('File removed')).toHaveCount(1)
  await lena.reload()
  await expect(lena.getByRole('log').locator('[title="ridge-path.png"]')).toHaveText('File removed')
})

test('a tray is the same after a reload', async ({ room: { hana, lena } }) => {
  await attach(hana, [photo, notes])
  await expect(tray(hana).getByRole('button', { name: /^Remove/ })).toHaveCount(2)
  await expect.poll(() => keptUploads(hana)).toHaveLength(2)
  await hana.reload()
  await expect(tray(hana).getByRole('listitem')).toHaveText([/ridge-path\.png/, /notes\.txt/])
  await tray(hana).getByRole('button', { name: 'Remove notes.txt' }).click()
  await expect(tray(hana).getByRole('button', { name: 'Remove ridge-path.png' })).toBeVisible()
  await send(hana)
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
  await expect(lena.getByRole('log')).not.toContainText('notes.txt')
  await expect.poll(() => keptUploads(hana)).toHaveLength(0)
  await hana.reload()
  await expect(composer(hana)).toBeVisible()
  await expect(tray(hana)).toBeHidden()
})

test('an upload that the server refuses says why, and goes when tried again', async ({ room: { hana, lena } }) => {
  const error = { kind: 'invalid_input', code: 'files.quota_exceeded', message: '', details: {}, trace_id: '' }
  await hana.route('**/api/rooms/*/files', route => route.request().method() === 'POST' ? route.fulfill({ status: 400, json: error }) : route.continue())
  await attach(hana, photo)
  await expect(tray(hana).getByRole('alert')).toHaveText('There is no space for more files here. Delete some first.')
  await hana.unrouteAll()
  await tray(hana).getByRole('button', { name: 'Try ridge-path.png again' }).click()
  await expect(tray(hana).getByRole('button', { name: 'Remove ridge-path.png' })).toBeVisible()
  await send(hana)
  await expect(lena.getByRole('button', { name: 'Open ridge-path.png' })).toBeVisible()
})
