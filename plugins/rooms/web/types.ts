/** The shapes that the rooms plugin's back end sends. */

export interface Room {
  id: string
  name: string
  visibility: 'public' | 'private'
  created_by: string
  created_at: string
  member_count: number
  last_seq: number
  /** One emoji. */
  icon?: string | undefined
  /** About how many members are online, where presence is enabled. */
  online?: number
  /** The other person, in a private room of two. */
  direct?: string
}

/** What a public room shows to those who have not given a name yet. */
export type OpenRoom = Pick<Room, 'id' | 'name' | 'icon' | 'member_count' | 'online'>

/** One change in a room, as it arrives live and as a catch-up returns it. */
export type Entry = readonly [event: string, payload: { room: string, seq: number }]

/** What a client missed after the `seq` that it named; `reload` when that is too much to send. */
export interface Catchup {
  last_seq: number
  entries?: Entry[]
  reload?: boolean
}

export interface Opened extends Catchup {
  room: Room
}

export interface Member {
  user: string
  joined_at: string
}

/** What an invite opens, before it is accepted. */
export interface InvitePreview {
  room: Pick<Room, 'name' | 'icon'>
  expires_at: string
}

export interface Invite {
  token: string
  url: string
  expires_at: string
}

/** The longest name that the server takes, in characters. */
export const MAX_NAME_LENGTH = 64
