/** What the rooms' notices change in the page. */
import type { Registry } from '@webapp/plugin-api'
import type { InfiniteData } from '@tanstack/vue-query'
import type { RoomOpener } from './roomOpener'
import type { RoomStore } from './roomStore'
import type { Member, Room } from './types'
import { ChatError } from '@webapp/plugin-api'
import { membersKey } from './members'

type Updated = Pick<Room, 'name' | 'visibility' | 'icon'> & { room: string }
interface MemberNotice { room: string, user: string }
type MemberPages = InfiniteData<{ data: Member[] }>

export function followNotices({ onNotice, onConnect, queryClient, session }: Registry, store: RoomStore, opener: RoomOpener): void {
  function changeMembers({ room, user }: MemberNotice, change: (members: Member[]) => Member[]): void {
    queryClient.setQueryData<MemberPages>(membersKey(room), pages => pages && {
      ...pages,
      pages: pages.pages.map((page, index) => {
        const others = page.data.filter(member => member.user !== user)
        return { ...page, data: index === 0 ? change(others) : others }
      }),
    })
  }

  function lose(room: string): void {
    store.remove(room)
    opener.lose(room, new ChatError({ kind: 'not_found', code: 'rooms.room_not_found', message: '', details: {}, trace_id: '' }))
  }

  onNotice<Updated>('rooms.updated', ({ room, name, visibility, icon }) => store.patch(room, { name, visibility, icon }))
  onNotice<MemberNotice>('rooms.joined', (notice) => {
    changeMembers(notice, others => [...others, { user: notice.user, joined_at: new Date().toISOString() }])
    countMembers(notice.room, 1)
  })
  onNotice<MemberNotice>('rooms.left', (notice) => {
    if (notice.user === session.user.value?.id) return lose(notice.room)
    changeMembers(notice, others => others)
    countMembers(notice.room, -1)
  })
  onNotice<{ room: string }>('rooms.deleted', ({ room }) => lose(room))
  onNotice<{ room: string }>('rooms.removed', ({ room }) => lose(room))
  onNotice<{ room: string }>('rooms.added', () => void store.load())
  onConnect(({ again }) => again && void store.load())

  function countMembers(room: string, change: number): void {
    const known = store.get(room)
    if (known) store.patch(room, { member_count: known.member_count + change })
  }
}
