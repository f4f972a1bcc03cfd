/** When to try again: twice as long each time, with enough chance in it that a restarted server is not overrun. */

import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const FIRST_MS = 500
const LONGEST_MS = 15_000

export interface Retry {
  readonly nextTryAt: ShallowRef<Date | undefined>
  /** Waits for the next try, at least `afterS` seconds; does nothing while one is due. */
  schedule: (afterS?: number) => void
  /** Tries at once. */
  now: () => void
  /** The last try was good: the next failure waits only shortly. */
  reset: () => void
}

export function createRetry(attempt: () => void): Retry {
  const nextTryAt = shallowRef<Date>()
  let failures = 0
  let timer: number | undefined

  function clear(): void {
    window.clearTimeout(timer)
    timer = undefined
    nextTryAt.value = undefined
  }

  function now(): void {
    clear()
    attempt()
  }

  return {
    nextTryAt,
    now,
    schedule(afterS = 0) {
      if (timer !== undefined) return
      const waitMs = afterS * 1_000 + Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++) * (0.5 + Math.random())
      nextTryAt.value = new Date(Date.now() + waitMs)
      timer = window.setTimeout(now, waitMs)
    },
    reset() {
      failures = 0
      clear()
    },
  }
}
