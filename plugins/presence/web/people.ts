/** Who is there, as far as this page has been told: of the members of the room that is open. */
import type { Http, PresenceDirectory, PresenceState } from '@webapp/plugin-api'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive, shallowRef } from 'vue'

type States = Readonly<Record<string, PresenceState>>

/** A notice: who has changed, and in a room of many how many are there. */
export interface PresenceNews {
  users: States
  room?: string
  online?: number
}

/** What the server answers; in a room of many it lists some of those who are there. */
export interface RoomPresence {
  users: States
  online: number
  /** Whether it also tells when the others were last there. */
  last_seen?: boolean
}

export interface People extends PresenceDirectory {
  /** About how many of the room's members are there, reactive; undefined where that is not known. */
  onlineIn: (roomId: string) => number | undefined
  /** The room has been opened: asks who is there. Returns nothing if it is late. */
  ask: (roomId: string) => Promise<RoomPresence | undefined>
  update: (news: PresenceNews) => void
  /** Somebody is a member of the open room no longer. */
  leave: (userId: string) => void
  /** Nothing is known any more. */
  forget: () => void
}

export const PEOPLE = serviceKey<People>('presence.people')

export function createPeople(http: Pick<Http, 'get'>): People {
  const states = shallowReactive(new Map<string, PresenceState>())
  /** The room that the states are of, and the number that stands for them where there are too many. */
  const told = shallowRef<{ room: string, number?: number | undefined }>()
  const met = shallowRef<ReadonlySet<string>>(new Set())
  let asked = 0
  /** What has come while an answer was on its way, and is newer. */
  let news: States = {}

  function set(users: States): void {
    news = { ...news, ...users }
    for (const [user, state] of Object.entries(users)) states.set(user, state)
  }

  const isEverybodyListed = (): boolean => told.value !== undefined && told.value.number === undefined

  return {
    stateOf: userId => states.get(userId) ?? (isEverybodyListed() && met.value.has(userId) ? 'offline' : undefined),
    meet: userIds => void (met.value = new Set(userIds)),
    onlineIn(roomId) {
      if (told.value?.room !== roomId) return undefined
      return told.value.number ?? [...states.values()].filter(state => state !== 'offline').length
    },
    leave: userId => void states.delete(userId),
    update({ users, room, online }) {
      set(users)
      if (room && room === told.value?.room) told.value = { room, number: online }
    },
    forget() {
      states.clear()
      told.value = undefined
    },
    async ask(roomId) {
      const mine = ++asked
      news = {}
      const answer = await http.get<RoomPresence>(`/api/rooms/${roomId}/presence`)
      if (mine !== asked) return undefined
      const now = { ...answer.users, ...news }
      for (const user of states.keys()) if (!(user in now)) states.delete(user)
      set(now)
      told.value = { room: roomId, number: answer.online > Object.keys(answer.users).length ? answer.online : undefined }
      return answer
    },
  }
}
