/** Journeys in a real browser against the real server; each worker starts one of its own, see e2e/fixtures.ts. */

import { defineConfig } from '@playwright/test'

const EVERYWHERE = /\.spec\.ts$/
/** What differs on a phone: one page at a time, fingers, a narrow page. */
const ON_A_PHONE = /(?:talk|accessibility|invite)\.spec\.ts$/

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: { launchOptions, locale: 'en-US', timezoneId: 'Asia/Seoul', screenshot: 'only-on-failure', trace: 'retain-on-failure' },
  projects: [
    { name: 'desktop', testMatch: EVERYWHERE, use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', testMatch: ON_A_PHONE, use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
  ],
})
