/** Journeys in a real browser against the real server; each worker starts one of its own, see e2e/fixtures.ts. */

import { defineConfig } from '@playwright/test'

/** What differs on a phone: one page at a time, fingers, a narrow page. */
const ON_A_PHONE = /(?:phone|talk|history|restart|privacy|accessibility|invite)\.spec\.ts$/

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  // Generous: what is slow on a busy machine is not broken.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: { launchOptions, locale: 'en-US', timezoneId: 'Asia/Seoul', screenshot: 'only-on-failure', trace: 'retain-on-failure' },
  projects: [
    { name: 'desktop', testIgnore: /phone\.spec\.ts$/, use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', testMatch: ON_A_PHONE, use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
  ],
})
