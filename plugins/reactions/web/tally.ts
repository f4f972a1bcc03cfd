/** Who reacted to a message with what: as the message came, with the entries since, and one's own that are on their way. */

/** Guests by emoji, as a message carries them. */
export type Reactions = Readonly<Record<string, readonly string[]>>

/** What a notice told of one emoji, and with which entry of the log. */
export interface Told {
  seq: number
  users: readonly string[]
}

export interface Chip {
  emoji: string
  users: readonly string[]
  isMine: boolean
}

export interface TallySource {
  reactions: Reactions | undefined
  /** The entry that the message is as new as. */
  version: number
  told: ReadonlyMap<string, Told>
  /** By emoji, whether one's own reaction is being added or taken away. */
  pending: ReadonlyMap<string, boolean>
  me: string | undefined
}

/** Returns the chips of a message in the order in which their emoji were first used. */
export function tally({ reactions = {}, version, told, pending, me }: TallySource): Chip[] {
  const emojis = new Set([...Object.keys(reactions), ...told.keys(), ...pending.keys()])
  return [...emojis].map((emoji) => {
    const news = told.get(emoji)
    const known = news && news.seq > version ? news.users : reactions[emoji] ?? []
    return chip(emoji, known, pending.get(emoji), me)
  }).filter(({ users }) => users.length)
}

function chip(emoji: string, known: readonly string[], isAdding: boolean | undefined, me: string | undefined): Chip {
  const others = known.filter(user => user !== me)
  const isMine = isAdding ?? others.length < known.length
  const users = isAdding === undefined ? known : isMine && me ? [...others, me] : others
  return { emoji, users, isMine }
}
