import { describe, expect, it } from 'vitest'
import { createAppRouter } from './router'
import { createSession } from './plugin-api/session'

const page = { render: () => null }

function routerFor(isSignedIn: boolean) {
  const session = createSession()
  if (isSignedIn) session.set({ token: 't', expiresAt: new Date(), user: { id: 'guest_a', name: 'A' } })
  const router = createAppRouter(session)
  router.addRoute({ path: '/rooms/:roomId', component: page })
  router.addRoute({ path: '/invite', component: page, meta: { isPublic: true } })
  return router
}

describe('createAppRouter', () => {
  it('leads a newcomer through the welcome page and remembers where they wanted to go', async () => {
    const router = routerFor(false)
    await router.push('/rooms/room_1')
    expect(router.currentRoute.value.fullPath).toBe('/?next=/rooms/room_1')
  })

  it('opens public pages to everybody and all pages to a guest', async () => {
    const router = routerFor(false)
    await router.push('/invite#token')
    expect(router.currentRoute.value.path).toBe('/invite')
    const guest = routerFor(true)
    await guest.push('/rooms/room_1')
    expect(guest.currentRoute.value.path).toBe('/rooms/room_1')
  })
})
