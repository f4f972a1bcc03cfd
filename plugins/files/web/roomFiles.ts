/** Files in the messages of a room, a page at a time, newest first. */
import type { RoomFile } from './types'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { useHttp } from '@webapp/plugin-api'
import { computed } from 'vue'
import { filesKey } from './fileNews'

const PAGE_SIZE = 50

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
