/** All that a plugin's UI may import from the webapp. Everything else in `webapp/src` is private. */

import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** `app`: beside the list. `plain`: alone under the product's name, such as an invitation. @default 'app' */
    layout?: 'app' | 'plain'
    /** Reached without being signed in; the others lead to the welcome page first, and on from there. @default false */
    isPublic?: boolean
  }
}

export { ChatError, toChatError } from './errors'
export type { ErrorKind, WireError } from './errors'
export { useErrorText } from './errorText'
export type { Http, Page, RequestOptions } from './http'
export type { CommandOptions, Connected, ConnectionState, LogEntry, NoticeHandler, Socket } from './socket'
export type { Credentials, Session, SessionUser } from './session'
export { ATTACHMENTS, GUESTS, MESSAGES, PRESENCE, ROOM_LOG, ROOMS, serviceKey, USERS, WRITING } from './services'
export type {
  AttachedFile, Attachments, GuestEntrance, LogOpened, MessageDirectory, MessageFacts, Missed, PresenceDirectory, PresenceState, RoomDirectory, RoomLog, RoomSummary, ServiceKey, UserDirectory, Writing,
} from './services'
export type { SlotName, Slots } from './slots'
export { definePlugin } from './registry'
export type { Command, Contribution, ContributionOptions, Registry, Remove } from './registry'
export { useAppearance, useFeedback, useHttp, useService, useSession, useSocket } from './context'
export type { Appearance, ConfirmOptions, Feedback, SnackbarOptions, ThemeChoice } from './context'
export { storage } from './storage'
export type { SafeStorage } from './storage'
export { LANGUAGES } from './locales'
export type { Language, LocaleLoaders, Messages } from './locales'
export { ContributionView, useContributions } from './slotContents'
export * from './ui'
