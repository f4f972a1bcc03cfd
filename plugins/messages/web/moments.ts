/** Times in words. A formatter is slow to make, so the rows of a log share theirs. */
import type { ComputedRef } from 'vue'
import { computed } from 'vue'

export interface Moments {
  /** The time of day. */
  short: Intl.DateTimeFormat
  /** Day and time in full. */
  full: Intl.DateTimeFormat
}

export function useMoments(language: () => string): ComputedRef<Moments> {
  return computed(() => ({
    short: new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    full: new Intl.DateTimeFormat(language(), { dateStyle: 'full', timeStyle: 'medium' }),
  }))
}
