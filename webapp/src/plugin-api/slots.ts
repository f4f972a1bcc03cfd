/** The places that plugins fill, and what each passes: ids and plain values, never a store. */

interface Room { roomId: string }
interface Message { roomId: string, seq: number }
type Nothing = Record<never, never>

/** A slot comes with its first user. Those without a user take no space. */
export interface Slots {
  /** Under the headline of the welcome page. */
  'welcome.section': Nothing
  /** The card beside it: how to get in. */
  'welcome.card': Nothing
  /** Above the list: round buttons beside the product's name. */
  'nav.actions': Nothing
  /** Above the list, full width. */
  'nav.top': Nothing
  /** The list itself. */
  'nav.list': Nothing
  /** Bottom left: me. */
  'nav.account': Nothing
  /** In the dialog about me: what else is set for me alone. */
  'account.section': Nothing
  /** Bottom right, before the shell's own buttons. */
  'nav.footer': Nothing
  /** `/` for somebody who is signed in and has no room open. */
  'home.section': Nothing
  /** End of a row of the list: badges. */
  'room-row.end': Room
  /** Corner of an avatar, 12 px. */
  'user.badge': { userId: string }
  /** After how many belong to a room, under its name. */
  'room.caption': Room
  /** Buttons in the header of a room. */
  'room.actions': Room
  /** A bar under the header of a room. */
  'room.banner': Room
  /** The conversation: fills what is left under the header. */
  'room.main': Room
  /** A tab of the right panel; `label` is the tab's text. */
  'room.panel': Room
  /** Under a member's name in the list of members. */
  'member.caption': { roomId: string, userId: string }
  /** After a message's text; its size is known before it loads. */
  'message.body': Message
  /** In place of it while the message waits for what goes with it; `uploads` are ids of `Attachments`. */
  'message.uploads': { uploads: readonly string[] }
  /** Under a message. */
  'message.footer': Message
  /** Buttons in the toolbar and menu of a message. */
  'message.actions': Message
  /** Between messages, before `seq`. */
  'log.marker': Message
  /** What to do in a conversation without messages. */
  'log.empty': Room
  /** One line under the log, 24 px always reserved. */
  'log.status': Room
  /** Above the field: what will go with the message. */
  'composer.top': Room
  /** Before the field. */
  'composer.start': Room
  /** Between the field and Send. */
  'composer.end': Room
  /** Cards on the about page. */
  'about.section': Nothing
}

export type SlotName = keyof Slots
