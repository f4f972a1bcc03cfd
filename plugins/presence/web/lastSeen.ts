/** When members who are not there were last seen; loaded where the server keeps it. */
import type { Http, Registry } from '@webapp/plugin-api'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive } from 'vue'
import LastSeenCaption from './components/LastSeenCaption.vue'

export interface LastSeen {
  /** Reactive; undefined where it is not known. */
  of: (userId: string) => Date | undefined
  /** Asks for a member of `roomId`, together with others of the same moment. */
  ask: (roomId: string, userId: string) => void
}

export const LAST_SEEN = serviceKey<LastSeen>('presence.lastSeen')

export const GATHER_MS = 50
const MOST_AT_ONCE = 100
const MINUTE_S = 60
const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, minutes: number][] = [['day', 24 * 60], ['hour', 60], ['minute', 1]]

export function createLastSeen(http: Pick<Http, 'get'>): LastSeen {
  const times = shallowReactive(new Map<string, Date>())
  const wanted = new Map<string, Set<string>>()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function fetchSome(roomId: string, users: readonly string[]): Promise<void> {
    const answer = await http.get<{ users: Record<string, string> }>(`/api/rooms/${roomId}/presence/seen`, { query: { users: users.join(',') } })
    for (const [user, time] of Object.entries(answer.users)) times.set(user, new Date(time))
  }

  function fetchAll(): void {
    timer = undefined
    for (const [roomId, users] of wanted) {
      const all = [...users]
      for (let start = 0; start < all.length; start += MOST_AT_ONCE) {
        void fetchSome(roomId, all.slice(start, start + MOST_AT_ONCE)).catch(() => undefined) // then it stays unknown
      }
    }
    wanted.clear()
  }

  return {
    of: userId => times.get(userId),
    ask(roomId, userId) {
      wanted.set(roomId, (wanted.get(roomId) ?? new Set()).add(userId))
      timer ??= setTimeout(fetchAll, GATHER_MS)
    },
  }
}

/** Such as "5 minutes ago", in `language`; what is younger than a minute counts as one. */
export function timeAgo(time: Date, now: Date, language: string): string {
  const minutes = Math.max(1, Math.floor((now.getTime() - time.getTime()) / 1000 / MINUTE_S))
  const [unit, length] = UNITS.find(([, length]) => minutes >= length)!
  return new Intl.RelativeTimeFormat(language).format(-Math.floor(minutes / length), unit)
}

export function showLastSeen(registry: Pick<Registry, 'http' | 'offer' | 'fill'>): void {
  registry.offer(LAST_SEEN, createLastSeen(registry.http))
  registry.fill('member.caption', { component: LastSeenCaption })
}
