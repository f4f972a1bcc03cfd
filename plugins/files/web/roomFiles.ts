/** Files in the messages of a room, a page at a time, newest first. */
import type { RoomFile, RoomFilesPage } from './types'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { useHttp } from '@webapp/plugin-api'
import { computed } from 'vue'
import { filesKey } from './fileNews'

const PAGE_SIZE = 50

export function useRoomFiles(roomId: () => string) {
  const http = useHttp()
  const query = useInfiniteQuery({
    queryKey: computed(() => filesKey(roomId())),
    async queryFn({ pageParam, signal }): Promise<RoomFilesPage> {
      const { data, cursor, headers } = await http.page<RoomFile[]>(`/api/rooms/${roomId()}/files`, { query: { limit: PAGE_SIZE, before: pageParam }, signal })
      return { data, cursor, usedBytes: Number(headers.get('X-Used-Bytes')), allowedBytes: Number(headers.get('X-Allowed-Bytes')) }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.cursor,
  })
  const files = computed(() => query.data.value?.pages.flatMap(page => page.data))
  /** The page that was read last knows best what is used. */
  const use = computed(() => query.data.value?.pages.at(-1))
  return { ...query, files, use }
}
