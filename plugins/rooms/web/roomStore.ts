/** The rooms of this guest: kept over reloads for a start without a connection, and brought up to date by notices. */
import type { ChatError, Http, RoomDirectory, SafeStorage, Session } from '@webapp/plugin-api'
import type { ShallowRef } from 'vue'
import type { Member, Room } from './types'
import { serviceKey, toChatError } from '@webapp/plugin-api'
import { shallowRef, watch } from 'vue'

export interface RoomStore extends RoomDirectory {
  /** Undefined until they are known; the youngest first. */
  readonly rooms: Readonly<ShallowRef<readonly Room[] | undefined>>
  /** Why they could not be loaded. */
  readonly error: Readonly<ShallowRef<ChatError | undefined>>
  load: () => Promise<void>
  get: (roomId: string) => Room | undefined
  /** Adds a room, or replaces it. */
  put: (room: Room) => void
  patch: (roomId: string, change: Partial<Room>) => void
  remove: (roomId: string) => void
}

export const ROOM_STORE = serviceKey<RoomStore>('rooms.store')

const KEPT = 'rooms.list'
const PAGE_SIZE = 100

interface Ports {
  http: Pick<Http, 'page'>
  session: Pick<Session, 'user'>
  storage: SafeStorage
}

export function createRoomStore({ http, session, storage }: Ports): RoomStore {
  const rooms = shallowRef<readonly Room[]>()
  const error = shallowRef<ChatError>()

  function set(next: readonly Room[]): void {
    rooms.value = next
    storage.set(KEPT, JSON.stringify({ user: session.user.value?.id, rooms: next }))
  }

  async function load(): Promise<void> {
    const user = session.user.value?.id
    if (!user) return
    try {
      const found = await fetchAll()
      if (user !== session.user.value?.id) return
      error.value = undefined
      set(found)
    }
    catch (caught) {
      error.value = toChatError(caught)
    }
  }

  async function fetchAll(): Promise<Room[]> {
    const found: Room[] = []
    let cursor: string | undefined
    do {
      const page = await http.page<Room[]>('/api/rooms', { query: { scope: 'mine', limit: PAGE_SIZE, cursor } })
      found.push(...page.data)
      cursor = page.cursor
    } while (cursor)
    return found
  }

  const get = (roomId: string): Room | undefined => rooms.value?.find(room => room.id === roomId)

  watch(() => session.user.value?.id, (user) => {
    rooms.value = user ? readKept(storage.get(KEPT), user) : undefined
    error.value = undefined
    if (!user) storage.remove(KEPT)
    void load()
  }, { immediate: true })

  return {
    rooms,
    error,
    load,
    get,
    find(roomId) {
      const room = get(roomId)
      return room && { id: room.id, name: room.name, createdBy: room.created_by }
    },
    memberIds: async (roomId) => {
      const { data } = await http.page<Member[]>(`/api/rooms/${roomId}/members`, { query: { limit: PAGE_SIZE } })
      return data.map(({ user }) => user)
    },
    put: room => set(get(room.id) ? rooms.value!.map(other => other.id === room.id ? room : other) : [room, ...rooms.value ?? []]),
    patch(roomId, change) {
      if (get(roomId)) set(rooms.value!.map(room => room.id === roomId ? { ...room, ...change } : room))
    },
    remove(roomId) {
      if (get(roomId)) set(rooms.value!.filter(room => room.id !== roomId))
    },
  }
}

function readKept(kept: string | undefined, user: string): Room[] | undefined {
  try {
    const found = JSON.parse(kept ?? '') as { user?: string, rooms?: Room[] }
    return found.user === user ? found.rooms : undefined
  }
  catch {
    return undefined
  }
}
