/** For slots that show one contribution at a time, such as tabs: the list, and what renders one of it safely. */

import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useShell } from './context'
import type { Contribution } from './registry'
import type { SlotName } from './slots'

export { default as ContributionView } from '@webapp/components/ContributionView.vue'

export function useContributions(slot: SlotName): ComputedRef<readonly Contribution[]> {
  const { contributions } = useShell()
  return computed(() => contributions.of(slot))
}
