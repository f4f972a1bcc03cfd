import { describe, expect, it } from 'vitest'
import { isAsset, isPage } from './routes'

const ORIGIN = 'https://chat.example'
const navigate = (path: string) => isPage({ mode: 'navigate', url: ORIGIN + path })
const get = (url: string, method = 'GET') => isAsset({ method, url }, ORIGIN)

describe('the service worker', () => {
  it('answers the webapp’s pages, and neither the server’s nor any data', () => {
    expect(['/', '/rooms/room_1', '/invite', '/about', '/apiary'].every(navigate)).toBe(true)
    expect(['/docs', '/docs/openapi.json', '/api/files/1', '/health', '/metrics'].some(navigate)).toBe(false)
    expect(isPage({ mode: 'cors', url: `${ORIGIN}/rooms/room_1` })).toBe(false)
  })

  it('keeps files of the build alone', () => {
    expect(get(`${ORIGIN}/assets/index-1a2b.js`)).toBe(true)
    expect(get(`${ORIGIN}/assets/index-1a2b.js`, 'POST')).toBe(false)
    expect(get(`${ORIGIN}/api/rooms`)).toBe(false)
    expect(get('https://elsewhere.example/assets/index.js')).toBe(false)
  })
})
