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
}

export const ROOMS = serviceKey<RoomDirectory>('rooms.directory')

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
