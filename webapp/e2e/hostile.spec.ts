/** Files that would run where a server shows them as what they claim to be: on ours, nothing does. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const page = (name: string): string => `<!doctype html><script>console.log("ran ${name}")</script>`

/** What is uploaded, and as what it would run. */
const HOSTILE = [
  { name: 'page.html', type: 'text/html', text: page('page.html') },
  { name: 'photo.png', type: 'text/html', text: page('photo.png') },
  { name: 'letter.pdf', type: 'text/html', text: `%PDF-1.4\n${page('letter.pdf')}` },
  { name: 'logo.svg', type: 'image/svg+xml', text: '<svg xmlns="http://www.w3.org/2000/svg"><script>console.log("ran logo.svg")</script></svg>' },
  { name: 'tune.gif', type: 'text/javascript', text: 'GIF89a=0;console.log("ran tune.gif")' },
  { name: 'code.js', type: 'text/javascript', text: 'console.log("ran code.js")' },
]

/** A page without any policy, and every file with the type that makes it run. */
async function careless(): Promise<{ url: string, close: () => void }> {
  const server = createServer((request, response) => {
    const file = HOSTILE.find(({ name }) => request.url === `/${name}`)
    response.setHeader('Content-Type', file?.type ?? 'text/html').end(file?.text ?? '<!doctype html><title>Host</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function embed(host: Page, urls: string[]): Promise<void> {
  await host.evaluate((sources) => {
    for (const url of sources) {
      for (const [tag, attribute] of [['iframe', 'src'], ['object', 'data'], ['embed', 'src'], ['img', 'src'], ['script', 'src']] as const) {
        const element = document.createElement(tag)
        element.setAttribute(attribute, url)
        document.body.append(element)
      }
    }
  }, urls)
}

async function visit(context: BrowserContext, urls: string[]): Promise<void> {
  for (const url of urls) {
    const tab = await context.newPage()
    const download = tab.waitForEvent('download').then(() => undefined)
    const opened = tab.goto(url, { waitUntil: 'load' }).then(() => undefined)
    await Promise.any([download, opened])
    await Promise.allSettled([opened])
    await tab.close()
    await Promise.allSettled([download])
  }
}

test('nothing that is uploaded runs, however it is opened', async ({ browser, guest, server }) => {
  const hana = await guest('Hana')
  const room = await hana.createRoom('traps')
  const { key } = await hana.request<{ key: string }>('GET', `/api/rooms/${room.id}/files/key`)
  const urls: string[] = []
  for (const { name, type, text } of HOSTILE) {
    const { id } = await hana.upload(room, name, Buffer.from(text), type)
    urls.push(`${server.url}/api/files/${id}?key=${key}`)
  }
  for (const url of urls) expect((await fetch(url)).status).toBe(200)

  const control = await careless()
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const ran: string[] = []
  context.on('console', line => line.text().startsWith('ran ') && ran.push(`${line.text()} at ${new URL(line.location().url).origin}`))
  const host = await context.newPage()
  await host.goto(control.url)
  await embed(host, urls)
  await visit(context, urls)
  // The same, where files are what they claim to be: every trap works, and all that ours could do is over by then.
  await embed(host, HOSTILE.map(({ name }) => `${control.url}/${name}`))
  for (const { name } of HOSTILE) await expect.poll(() => ran).toContain(`ran ${name} at ${control.url}`)
  expect(ran.filter(line => line.endsWith(server.url))).toEqual([])
  await context.close()
  control.close()
})
