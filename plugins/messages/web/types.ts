/** The shapes that the messages plugin's back end sends. */
import type { AttachedFile } from '@webapp/plugin-api'

export interface Message {
  room: string
  /** Its place in the room's order and, with the room, its name. */
  seq: number
  author: string
  /** Absent from a deleted message. */
  text?: string
  /** RFC 3339, UTC. */
  created_at: string
  edited_at?: string
  deleted?: boolean
  /** `seq` of the message that this one answers. */
  reply_to?: number
  files?: readonly AttachedFile[]
}

/** A message, and the entry of the room's log that this state of it is as new as. */
export interface KnownMessage extends Message {
  version: number
}

/** What every entry of a room's log carries. */
export interface EntryPayload {
  room: string
  seq: number
}

export interface MessageChange extends EntryPayload {
  message: Message
}

/** One change in a room, as it arrives live and as `messages.sync` returns it. */
export type Entry = readonly [event: string, payload: EntryPayload]

export interface Catchup {
  entries: Entry[]
  last_seq: number
  reload: boolean
}

/** The longest text that the server takes, in code points. */
export const MAX_TEXT_LENGTH = 4000
