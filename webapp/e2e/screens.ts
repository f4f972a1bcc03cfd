/** What people do on the page, in words of the page; English unless a journey says otherwise. */

import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

export const message = (page: Page, text: string): Locator => page.getByRole('log').getByText(text, { exact: true })
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / })

export async function enterAs(page: Page, name: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('textbox', { name: 'What should people call you?' }).fill(name)
  await page.getByRole('button', { name: 'Enter as a guest' }).click()
  await expect(page.getByRole('navigation')).toBeVisible()
}

export async function createRoom(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New room' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await expect(page.getByRole('main', { name })).toBeVisible()
}

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

/** Makes an invite link in an empty room and returns it. */
export async function inviteLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make an invite link' }).click()
  const link = page.getByText(/\/invite#/)
  await expect(link).toBeVisible()
  return await link.innerText()
}
