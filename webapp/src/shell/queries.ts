/** The cache of answers: nothing of one guest is left for the next. */

import { watch } from 'vue'
import { QueryClient } from '@tanstack/vue-query'
import { toChatError } from '@webapp/plugin-api/errors'
import type { Session } from '@webapp/plugin-api/session'

const MAX_RETRIES = 3

export function createQueryClient(session: Session): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < MAX_RETRIES && toChatError(error).isTemporary,
      },
    },
  })
  watch(() => session.user.value?.id, () => client.clear())
  return client
}
