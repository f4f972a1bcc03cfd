/** Renews a grant when a third of its time is left, and tries again until that has worked. */
import type { Grant } from './types'
import { toChatError } from '@webapp/plugin-api'

/** Longer timers overflow in browsers, and a device that slept must not oversleep. */
const LONGEST_WAIT_MS = 60 * 60 * 1000
const RETRY_MS = 60 * 1000

export interface Renewal {
  planFor: (grant: Grant) => void
  cancel: () => void
}

export function scheduleRenewal(renew: () => Promise<void>): Renewal {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAt = Infinity

  function wait(waitMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(check, Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS))
  }

  async function check(): Promise<void> {
    if (Date.now() < dueAt) return wait(dueAt - Date.now())
    try {
      await renew()
    }
    catch (caught) {
      // A refused token has ended the session already; everything else is worth another try.
      if (toChatError(caught).kind !== 'unauthenticated') wait(RETRY_MS)
    }
  }

  return {
    planFor({ token, expires_at }) {
      const expiresAt = Date.parse(expires_at)
      const issuedAt = issuedAtOf(token) ?? Date.now()
      dueAt = expiresAt - (expiresAt - issuedAt) / 3
      wait(dueAt - Date.now())
    },
    cancel() {
      clearTimeout(timer)
      dueAt = Infinity
    },
  }
}

/** When the token was issued, in milliseconds, if it tells so. */
function issuedAtOf(token: string): number | undefined {
  try {
    const claims = JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as { iat?: unknown }
    return typeof claims.iat === 'number' ? claims.iat * 1000 : undefined
  }
  catch {
    return undefined
  }
}
