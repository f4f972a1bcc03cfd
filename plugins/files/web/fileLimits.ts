/** What the server takes, and how long it keeps it. */
import type { FileLimits } from './types'
import { useQuery } from '@tanstack/vue-query'
import { useHttp } from '@webapp/plugin-api'

export function useFileLimits() {
  const http = useHttp()
  return useQuery({
    queryKey: ['files', 'limits'],
    queryFn: ({ signal }) => http.get<FileLimits>('/api/files/limits', { identified: false, signal }),
    staleTime: Infinity,
  })
}
