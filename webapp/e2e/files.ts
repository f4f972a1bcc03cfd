/** What people do with files on the page, in words of the page. */

import type { Locator, Page } from '@playwright/test'
import { expect, test as base } from './fixtures.ts'
import type { Guest } from './guest.ts'
import { picture } from './pictures.ts'
import { composer } from './screens.ts'

export type Chosen = Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]

interface FilesRoom {
  hana: Page
  lena: Page
  id: string
  /** Lena without a browser. */
  crew: Guest
}

/** A room with Hana and Lena in it, both in front of a browser. */
export const test = base.extend<{ room: FilesRoom }>({
  room: async ({ guest, pageOf }, use) => {
    const [hana, lena] = [await guest('Hana'), await guest('Lena')]
    const { id, name } = await hana.createRoom('trail-crew')
    await lena.join({ id, name })
    const pages = { hana: await pageOf(hana), lena: await pageOf(lena), id, crew: lena }
    await Promise.all([pages.hana, pages.lena].map(page => page.goto(`/rooms/${id}`)))
    await expect(composer(pages.hana)).toBeVisible()
    await expect(composer(pages.lena)).toBeVisible()
    await use(pages)
  },
})

export const photo = { name: 'ridge-path.png', mimeType: 'image/png', buffer: picture(1200, 700) }
export const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('bring soup') }

export const tray = (page: Page): Locator => page.getByRole('list', { name: 'Goes with the message' })
export const isDrawn = (image: Locator): Promise<boolean> => image.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)
export const send = (page: Page): Promise<void> => page.getByRole('button', { name: 'Send' }).click()
export const attach = (page: Page, files: Chosen): Promise<void> => page.locator('input[type=file]').setInputFiles(files)

/** As people do it, by the button. */
export async function pick(page: Page, files: Chosen): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Attach files' }).click()])
  await chooser.setFiles(files)
}
