/** Signs a guest in and out, keeps the token over reloads and renews it in time, in all tabs of this browser. */
import type { Credentials, GuestEntrance, Registry, SafeStorage } from '@webapp/plugin-api'
import type { DeviceLink, Grant, User } from './types'
import { serviceKey, toChatError } from '@webapp/plugin-api'
import { scheduleRenewal } from './renewal'

const CREDENTIALS = 'auth.credentials'
const LAST_NAME = 'auth.last_name'

export interface GuestSession extends GuestEntrance {
  /** Takes over the identity that a device link carries. */
  redeem: (linkToken: string) => Promise<void>
  rename: (name: string) => Promise<void>
  /** Ends the session here and on the server; without a connection it ends here at once and there by its expiry. */
  leave: () => Promise<void>
  createDeviceLink: () => Promise<DeviceLink>
}

export const GUEST_SESSION = serviceKey<GuestSession>('auth.session')

type Ports = Pick<Registry, 'http' | 'session' | 'socket'> & { storage: SafeStorage }

export function createGuestSession({ http, session, socket, storage }: Ports): GuestSession {
  const renewal = scheduleRenewal(renew)

  function use(grant: Grant): void {
    storage.set(CREDENTIALS, JSON.stringify(grant))
    storage.set(LAST_NAME, grant.user.name)
    session.set(toCredentials(grant))
    renewal.planFor(grant)
  }

  function forget(): void {
    storage.remove(CREDENTIALS)
    session.set(undefined)
    renewal.cancel()
  }

  async function renew(): Promise<void> {
    const grant = await http.post<Grant>('/api/auth/renew')
    use(grant)
    // Without a connection there is nothing to tell: the next connect takes the new token.
    if (socket.state.value === 'connected') await socket.command('auth.update', { token: grant.token })
  }

  function follow(kept: string | null | undefined): void {
    const grant = readGrant(kept)
    session.set(grant && toCredentials(grant))
    if (grant) renewal.planFor(grant)
    else renewal.cancel()
  }

  follow(storage.get(CREDENTIALS))
  session.onRefused(forget)
  window.addEventListener('storage', (change) => {
    if (change.key === CREDENTIALS) follow(change.newValue)
  })

  return {
    enter: async name => use(await http.post<Grant>('/api/auth/guest', name ? { name } : {}, { identified: false })),
    redeem: async token => use(await http.post<Grant>('/api/auth/redeem', { token }, { identified: false })),
    async rename(name) {
      const user = await http.patch<User>('/api/me', { name })
      const { token, expiresAt } = session.credentials.value!
      use({ token, expires_at: expiresAt.toISOString(), user })
    },
    async leave() {
      try {
        await http.post('/api/auth/logout')
      }
      catch (caught) {
        if (!toChatError(caught).isTemporary) throw caught
      }
      forget()
    },
    createDeviceLink: () => http.post<DeviceLink>('/api/auth/link'),
    lastName: () => storage.get(LAST_NAME) ?? '',
  }
}

function toCredentials({ token, expires_at, user }: Grant): Credentials {
  return { token, expiresAt: new Date(expires_at), user }
}

function readGrant(kept: string | null | undefined): Grant | undefined {
  try {
    const grant = JSON.parse(kept ?? '') as Partial<Grant>
    return grant.token && grant.expires_at && grant.user?.id ? grant as Grant : undefined
  }
  catch {
    return undefined
  }
}
