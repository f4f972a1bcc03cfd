/** Whether the panel beside a room is open: remembered where there is room for it, closed at first where it covers the room. */
import type { SafeStorage } from '@webapp/plugin-api'
import type { Ref } from 'vue'
import { useMediaQuery } from '@vueuse/core'
import { serviceKey } from '@webapp/plugin-api'
import { computed, ref } from 'vue'

export interface Panel {
  readonly isOpen: Ref<boolean>
  toggle: () => void
}

export const PANEL = serviceKey<Panel>('rooms.panel')

const KEPT = 'rooms.panel'
const OPEN = 'open'
const CLOSED = 'closed'

export function createPanel(storage: SafeStorage): Panel {
  const hasRoom = useMediaQuery('(width >= 1280px)')
  const isOpenBeside = ref(storage.get(KEPT) !== CLOSED)
  const isOpenAbove = ref(false)
  const isOpen = computed({
    get: () => hasRoom.value ? isOpenBeside.value : isOpenAbove.value,
    set(value) {
      if (!hasRoom.value) return void (isOpenAbove.value = value)
      isOpenBeside.value = value
      storage.set(KEPT, value ? OPEN : CLOSED)
    },
  })
  return { isOpen, toggle: () => void (isOpen.value = !isOpen.value) }
}
