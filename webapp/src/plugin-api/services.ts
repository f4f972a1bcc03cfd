/** Typed names under which one plugin's UI offers something that another one asks for. */

import type { LogEntry } from './socket'

/** Its type tells what is behind it; the part of the name before the dot is the id of the plugin that offers it. */
export interface ServiceKey<T> {
  readonly name: string
  /** Holds the type alone. */
  readonly service?: T
}

/** `serviceKey<UserDirectory>('auth.users')` */
export function serviceKey<T>(name: string): ServiceKey<T> {
  return { name }
}

/** Names of people. */
export interface UserDirectory {
  /** The name, reactive; undefined until the server has told it. Asking is what loads it. */
  nameOf: (userId: string) => string | undefined
}

export const USERS = serviceKey<UserDirectory>('auth.users')

/** Signing in, for pages that let a newcomer in on the way, such as an invitation. */
export interface GuestEntrance {
  /** Makes a new guest of this page's visitor; an empty name lets the server choose one. */
  enter: (name: string) => Promise<void>
  /** The name that was used here last, to be offered again. */
  lastName: () => string
}

export const GUESTS = serviceKey<GuestEntrance>('auth.guests')

export interface RoomSummary {
  id: string
  name: string
  createdBy: string
}

/** Rooms of this guest. */
export interface RoomDirectory {
  /** The room, reactive; undefined while it is not known. */
  find: (roomId: string) => RoomSummary | undefined
  /** Ids of the room's first hundred members. */
  memberIds: (roomId: string) => Promise<readonly string[]>
}

export const ROOMS = serviceKey<RoomDirectory>('rooms.directory')

export type PresenceState = 'online' | 'away' | 'offline'

/** Who is there, of the members of the room that is open. */
export interface PresenceDirectory {
  /** Reactive; undefined where nothing is known. */
  stateOf: (userId: string) => PresenceState | undefined
  /** These are shown as members of the open room: whoever of them is not there is offline, where it is known who is. */
  meet: (userIds: readonly string[]) => void
}

export const PRESENCE = serviceKey<PresenceDirectory>('presence.directory')

export interface LogOpened {
  roomId: string
  /** Every entry up to here has been handed out, or is covered by `isReload`. */
  lastSeq: number
  /** Entries are missing, or this is the first time: what is shown of the room has to be fetched anew. */
  isReload: boolean
}

/** The log of the room that is open: its entries reach the notice handlers in order, each once. */
export interface RoomLog {
  /** Called after the room was opened, at first and at each reconnect, and after each catch-up that was too much to send. */
  onOpened: (handler: (opened: LogOpened) => void) => () => void
  /** The last entry that has been handed out; undefined unless the room is open. */
  lastSeq: (roomId: string) => number | undefined
  /** Takes in entries that are known from elsewhere, such as an ack; they are handed out in their place. */
  receive: (roomId: string, entries: readonly LogEntry[]) => void
  /** Who can fetch what comes after a `seq`. Without anybody the room is opened again. */
  syncWith: (fetchMissed: (roomId: string, after: number) => Promise<Missed>) => () => void
}

export interface Missed {
  last_seq: number
  entries?: LogEntry[]
  reload?: boolean
}

export const ROOM_LOG = serviceKey<RoomLog>('rooms.log')

/** A message as the server tells it, with what other plugins have added to it. */
export interface MessageFacts {
  readonly seq: number
  readonly author: string
  readonly text?: string
  readonly deleted?: boolean
  readonly files?: readonly AttachedFile[]
}

/** Messages of rooms that have been opened. */
export interface MessageDirectory {
  /** The message, reactive; undefined while it is not loaded. */
  find: (roomId: string, seq: number) => MessageFacts | undefined
}

export const MESSAGES = serviceKey<MessageDirectory>('messages.directory')

/** What is being written, for plugins that watch it or write along. */
export interface Writing {
  /** The text in the room's composer, reactive. */
  textIn: (roomId: string) => string
  /** Puts `text` where the caret of the composer is, and the caret behind it. */
  insert: (roomId: string, text: string) => void
  /** Returns the focus to the composer, with the caret where it was. */
  focus: (roomId: string) => void
}

export const WRITING = serviceKey<Writing>('messages.writing')

/** A file as messages show it. `width` and `height` are those of the upright image, in its own pixels. */
export interface AttachedFile {
  id: string
  name: string
  /** Bytes. */
  size: number
  /** By its content, whatever its name says. */
  type: string
  width?: number
  height?: number
  /** The average colour of an image, `#rrggbb`. */
  color?: string
  /** It has gone, by age or for want of space. */
  expired?: boolean
}

/** What is sent along with a text: it is chosen, uploaded and kept by whoever offers this; a message only names it. */
export interface Attachments {
  /** How much is ready to go with the next message; reactive. */
  count: (roomId: string) => number
  /** Empties the room's tray; the ids name what was in it until `release` or `drop`, over reloads too. */
  take: (roomId: string) => string[]
  /** Puts back into the room's tray what `take` gave out. */
  putBack: (uploads: readonly string[]) => void
  /**
   * Resolves with the files when all of them have been uploaded, in their order.
   *
   * It waits for connections by itself, and rejects with a `ChatError` when only people can help; calling it again
   * tries again.
   */
  upload: (uploads: readonly string[]) => Promise<readonly AttachedFile[]>
  /** A message carries them now. */
  release: (uploads: readonly string[]) => void
  /** No message will carry them. */
  drop: (uploads: readonly string[]) => void
}

export const ATTACHMENTS = serviceKey<Attachments>('files.attachments')

export class Services {
  readonly #offered = new Map<string, unknown>()

  /** One plugin offers a key; returns what takes it back. */
  offer<T>({ name }: ServiceKey<T>, service: T): () => void {
    if (this.#offered.has(name)) throw new Error(`${name} is offered twice`)
    this.#offered.set(name, service)
    return () => this.#offered.delete(name)
  }

  /** What is offered under `key`, or undefined where that plugin is off. Ask when you need it, not in `setup`. */
  find<T>({ name }: ServiceKey<T>): T | undefined {
    return this.#offered.get(name) as T | undefined
  }
}
