/** What changes the list of a room's files. */
import type { InfiniteData } from '@tanstack/vue-query'
import type { AttachedFile, Registry } from '@webapp/plugin-api'
import type { RoomFilesPage } from './types'

type Pages = InfiniteData<RoomFilesPage>

export const filesKey = (roomId: string): string[] => ['files', 'room', roomId]

/** A list that is shown is fetched at once, another one when it is shown next. */
export function followFiles({ onNotice, queryClient }: Pick<Registry, 'onNotice' | 'queryClient'>): void {
  const refresh = (room: string): void => void queryClient.invalidateQueries({ queryKey: filesKey(room) })
  onNotice<{ room: string, files?: unknown }>('messages.created', ({ room, files }) => files && refresh(room))
  onNotice<{ room: string }>('messages.deleted', ({ room }) => refresh(room))
  onNotice<{ room: string, message: { files?: AttachedFile[] } }>('messages.updated', ({ room, message: { files = [] } }) => {
    const expired = new Set(files.flatMap(({ id, expired }) => expired ? id : []))
    // Not fetched: that would cost more than it tells, and could be answered just before they have gone.
    if (expired.size) queryClient.setQueryData<Pages>(filesKey(room), pages => pages && without(expired, pages))
  })
}

function without(ids: ReadonlySet<string>, { pages, pageParams }: Pages): Pages {
  const sizes = pages.flatMap(({ data }) => data.flatMap(({ id, size }) => ids.has(id) ? size : []))
  const freed = sizes.reduce((sum, size) => sum + size, 0)
  return {
    pageParams,
    pages: pages.map(page => ({ ...page, data: page.data.filter(({ id }) => !ids.has(id)), usedBytes: page.usedBytes - freed })),
  }
}
