/** Files in the messages of a room, a page at a time, newest first. */
import type { Registry } from '@webapp/plugin-api'
import type { RoomFile } from './types'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { useHttp } from '@webapp/plugin-api'
import { computed } from 'vue'

const PAGE_SIZE = 50

const filesKey = (roomId: string): string[] => ['files', 'room', roomId]

export function useRoomFiles(roomId: () => string) {
  const http = useHttp()
  const query = useInfiniteQuery({
    queryKey: computed(() => filesKey(roomId())),
    queryFn: ({ pageParam, signal }) =>
      http.page<RoomFile[]>(`/api/rooms/${roomId()}/files`, { query: { limit: PAGE_SIZE, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.cursor,
  })
  const files = computed(() => query.data.value?.pages.flatMap(page => page.data))
  return { ...query, files }
}

/** Fetches a list anew that is shown, or when it is shown next, after a message has changed it. */
export function followFiles({ onNotice, queryClient }: Pick<Registry, 'onNotice' | 'queryClient'>): void {
  const refresh = (room: string): void => void queryClient.invalidateQueries({ queryKey: filesKey(room) })
  onNotice<{ room: string, files?: unknown }>('messages.created', ({ room, files }) => files && refresh(room))
  onNotice<{ room: string }>('messages.deleted', ({ room }) => refresh(room))
}
