/** What is worth telling about the connection: away for long enough, or back after that. */

import { computed, onScopeDispose, ref, watch } from 'vue'
import { useNow, useTimeoutFn } from '@vueuse/core'
import type { ComputedRef, Ref } from 'vue'
import { useSocket } from '@webapp/plugin-api/context'

const OFFLINE_AFTER_MS = 5_000
const BACK_FOR_MS = 3_000

export function useConnectionNews(): { news: Ref<'offline' | 'online' | undefined>, secondsLeft: ComputedRef<number> } {
  const socket = useSocket()
  const news = ref<'offline' | 'online'>()
  const now = useNow({ interval: 1_000 })
  const away = useTimeoutFn(() => void (news.value = 'offline'), OFFLINE_AFTER_MS, { immediate: false })
  const back = useTimeoutFn(() => void (news.value = undefined), BACK_FOR_MS, { immediate: false })

  watch(socket.state, (state) => {
    if (state === 'connected' || state === 'signed-out') {
      away.stop()
      if (news.value !== 'offline') return
      news.value = state === 'connected' ? 'online' : undefined
      back.start()
    }
    else if (!away.isPending.value && news.value !== 'offline') {
      away.start()
    }
  }, { immediate: true })
  onScopeDispose(() => [away, back].forEach(timer => timer.stop()))

  const secondsLeft = computed(() => {
    const next = socket.nextTryAt.value
    return next ? Math.max(0, Math.ceil((next.getTime() - now.value.getTime()) / 1_000)) : 0
  })
  return { news, secondsLeft }
}
