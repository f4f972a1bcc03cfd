/** A long history: what one reads keeps its place to the pixel while older messages load above it. */

import type { Locator } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { message } from './screens.ts'
import type { Guest, Room } from './guest.ts'

const MESSAGES = 2_000
const AT_ONCE = 50
const SLOW_LINK_MS = 600

test('2,000 messages scroll up to the first without a jump, and back to the latest', async ({ guest, pageOf }) => {
  test.setTimeout(180_000)
  const hana = await guest('Hana')
  const room = await hana.createRoom('archive')
  await hana.join(room)
  await fill(hana, room)
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(message(page, text(MESSAGES))).toBeVisible()
  // Older messages arrive when the wheel rests, as on a slow link, so that every movement is theirs.
  await page.route(/messages\?.*before=/, async (route) => {
    await new Promise(resolve => setTimeout(resolve, SLOW_LINK_MS))
    await route.continue()
  })

  const log = page.getByRole('log')
  const first = message(page, text(1))
  let loads = 0
  while (!await first.isVisible()) {
    await log.hover()
    await page.mouse.wheel(0, -2_500)
    const moved = await drift(log)
    if (moved !== undefined) {
      loads++
      expect(Math.abs(moved), 'pixels that the anchor moved while older messages came').toBeLessThan(1)
    }
  }
  expect(loads, 'older pages that were loaded').toBeGreaterThan(10)

  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await expect(message(page, text(MESSAGES))).toBeInViewport()
})

test('new messages do not pull somebody who reads further up', async ({ guest, pageOf }) => {
  const [hana, lena] = [await guest('Hana'), await guest('Lena')]
  const room = await hana.createRoom('reading')
  await lena.join(room)
  await hana.join(room)
  for (let count = 1; count <= 60; count++) await hana.say(room, text(count))
  const page = await pageOf(hana)
  await page.goto(`/rooms/${room.id}`)
  await expect(message(page, text(60))).toBeVisible()
  const log = page.getByRole('log')
  await log.hover()
  await page.mouse.wheel(0, -400)
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible()
  const before = await anchor(log)
  await lena.say(room, 'This comes at the end')
  await expect(page.locator('[aria-live=polite]', { hasText: 'Lena: This comes at the end' })).toBeAttached()
  expect(await placeOf(log, before.seq)).toBeCloseTo(before.top, 0)
})

function text(count: number): string {
  return `Message ${count}: ${'word '.repeat(count % 40)}end`
}

async function fill(guest: Guest, room: Room): Promise<void> {
  for (let count = 1; count <= MESSAGES; count += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }).map((_, offset) => guest.say(room, text(count + offset))))
  }
}

interface Anchor { seq: string, top: number, height: number }

/** The row in the middle of the log, where it is, and how high everything is; as painted, not while rows are measured. */
function anchor(log: Locator): Promise<Anchor> {
  return log.evaluate(async (element) => {
    await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
    const { top, height } = element.getBoundingClientRect()
    const rows = [...element.querySelectorAll<HTMLElement>('[data-seq]')].sort((a, b) => Number(a.dataset.seq) - Number(b.dataset.seq))
    const row = rows.find(candidate => candidate.getBoundingClientRect().bottom > top + height / 2)!
    return { seq: row.dataset.seq!, top: row.getBoundingClientRect().top, height: element.scrollHeight }
  })
}

function placeOf(log: Locator, seq: string): Promise<number> {
  return log.evaluate(async (element, wanted) => {
    await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
    return element.querySelector(`[data-seq='${wanted}']`)!.getBoundingClientRect().top
  }, seq)
}

/** The anchor once the wheel's own movement has ended. */
async function anchorAtRest(log: Locator): Promise<Anchor> {
  let last = await anchor(log)
  await expect.poll(async () => {
    const before = last
    last = await anchor(log)
    return last.seq === before.seq && last.top === before.top
  }, { intervals: [80] }).toBe(true)
  return last
}

/** How far the anchor moved while a page of older messages was added; undefined where none was. */
async function drift(log: Locator): Promise<number | undefined> {
  const before = await anchorAtRest(log)
  const hasGrown = await log.evaluate((element, height) => new Promise<boolean>((resolve) => {
    const deadline = performance.now() + 1_000
    const look = () => {
      if (element.scrollHeight > height + 500) setTimeout(() => resolve(true), 100)
      else if (performance.now() > deadline) resolve(false)
      else requestAnimationFrame(look)
    }
    look()
  }), before.height)
  return hasGrown ? await placeOf(log, before.seq) - before.top : undefined
}
