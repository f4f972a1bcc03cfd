/** The shapes that the auth plugin's back end sends. */

export interface User {
  id: string
  name: string
}

export interface Grant {
  token: string
  /** RFC 3339, UTC. */
  expires_at: string
  user: User
}

/** A link that carries the identity to another device, once. */
export interface DeviceLink {
  url: string
  expires_at: string
}

/** The longest name that the server takes, in characters. */
export const MAX_NAME_LENGTH = 64
