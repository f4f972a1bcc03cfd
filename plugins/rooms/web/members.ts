/** Members of a room, a page at a time. */
import type { Member } from './types'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { useHttp } from '@webapp/plugin-api'
import { computed } from 'vue'

const PAGE_SIZE = 100

export const membersKey = (roomId: string): string[] => ['rooms', 'members', roomId]

export function useMembers(roomId: () => string) {
  const http = useHttp()
  const query = useInfiniteQuery({
    queryKey: computed(() => membersKey(roomId())),
    queryFn: ({ pageParam, signal }) =>
      http.page<Member[]>(`/api/rooms/${roomId()}/members`, { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.cursor,
  })
  const members = computed(() => query.data.value?.pages.flatMap(page => page.data))
  return { ...query, members }
}
