/** Who uses this page. The shell holds it for the socket and HTTP; a plugin signs in, keeps, renews and signs out. */

import { computed, shallowRef } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import type { ChatError } from './errors'

export interface SessionUser {
  id: string
  name: string
}

export interface Credentials {
  token: string
  expiresAt: Date
  user: SessionUser
}

export interface Session {
  readonly credentials: Readonly<ShallowRef<Credentials | undefined>>
  /** The guest of this page; undefined while nobody is signed in. */
  readonly user: ComputedRef<SessionUser | undefined>
  /** Signs in, renews (same user id: sockets stay) or signs out (`undefined`). */
  set: (credentials: Credentials | undefined) => void
  /** Called when the server refuses the token, at a socket connect or by a 401. */
  onRefused: (handler: (error: ChatError) => void) => () => void
  /** The transports tell here that the token was refused. */
  refuse: (error: ChatError) => void
}

export function createSession(): Session {
  const credentials = shallowRef<Credentials>()
  const handlers = new Set<(error: ChatError) => void>()
  return {
    credentials,
    user: computed(() => credentials.value?.user),
    set: next => void (credentials.value = next),
    onRefused(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    refuse: error => handlers.forEach(handler => handler(error)),
  }
}
