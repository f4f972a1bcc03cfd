/** Names of people: asked for by id, fetched many at a time, remembered, and refreshed now and then. */
import type { Http, UserDirectory } from '@webapp/plugin-api'
import type { User } from './types'
import { shallowReactive } from 'vue'

/** What the server answers at once. */
const BATCH_SIZE = 100
/** Gathers what one screen asks for into one request. */
const GATHER_MS = 20
/** A rename is seen after at most this long; nothing tells it. */
const FRESH_MS = 5 * 60 * 1000
const RETRY_MS = 10 * 1000

export interface LearningUserDirectory extends UserDirectory {
  /** Takes over what is known from elsewhere, such as one's own new name. */
  learn: (users: readonly User[]) => void
}

export function createUserDirectory(http: Pick<Http, 'get'>): LearningUserDirectory {
  const names = shallowReactive(new Map<string, string>())
  const askAgainAt = new Map<string, number>()
  const wanted = new Set<string>()

  function learn(users: readonly User[]): void {
    for (const { id, name } of users) {
      names.set(id, name)
      askAgainAt.set(id, Date.now() + FRESH_MS)
    }
  }

  async function fetchBatch(ids: string[]): Promise<void> {
    try {
      learn(await http.get<User[]>('/api/users', { query: { ids: ids.join(',') } }))
    }
    catch {
      // Nobody looks at a name again only because time has passed, so those that are missing on screen ask for themselves.
      setTimeout(() => ids.filter(id => !names.has(id)).forEach(want), RETRY_MS)
    }
  }

  function fetchWanted(): void {
    const ids = [...wanted]
    wanted.clear()
    for (let start = 0; start < ids.length; start += BATCH_SIZE) void fetchBatch(ids.slice(start, start + BATCH_SIZE))
  }

  function want(id: string): void {
    if ((askAgainAt.get(id) ?? 0) > Date.now()) return
    askAgainAt.set(id, Date.now() + RETRY_MS)
    if (wanted.size === 0) setTimeout(fetchWanted, GATHER_MS)
    wanted.add(id)
  }

  return {
    learn,
    nameOf(id) {
      want(id)
      return names.get(id)
    },
  }
}
