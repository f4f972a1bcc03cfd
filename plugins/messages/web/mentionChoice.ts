/** Choosing whom to mention, beside a field of text. */
import type { RoomDirectory, UserDirectory } from '@webapp/plugin-api'
import type { Ref } from 'vue'
import type { MentionQuery } from './mentions'
import { computed, ref, shallowRef, watch } from 'vue'
import { matches } from './mentions'

const MOST_SHOWN = 6

export interface MentionChoicePorts {
  roomId: string
  rooms: () => RoomDirectory | undefined
  users: () => UserDirectory | undefined
  /** Who writes, and does not mention themselves. */
  me: () => string | undefined
  query: Readonly<Ref<MentionQuery | undefined>>
  pick: (person: { id: string, name: string }) => void
}

export function useMentionChoice({ roomId, rooms, users, me, query, pick }: MentionChoicePorts) {
  const members = shallowRef<readonly string[]>()
  const active = ref(0)
  /** Where the list was closed without choosing. */
  const dismissed = ref<number>()
  const people = computed(() => {
    const asked = query.value
    if (!asked || asked.start === dismissed.value) return []
    const others = (members.value ?? []).filter(id => id !== me())
    const named = others.map(id => ({ id, name: users()?.nameOf(id) ?? '' }))
    return named.filter(({ name }) => name && matches(name, asked.words)).slice(0, MOST_SHOWN)
  })

  watch(() => query.value?.start, async (start) => {
    active.value = 0
    if (start === undefined) return void (dismissed.value = undefined)
    members.value ??= await rooms()?.memberIds(roomId).catch(() => undefined)
  })

  /** Returns whether the key was meant for the list. */
  function press(key: string): boolean {
    const count = people.value.length
    if (count === 0) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    if (step) active.value = (active.value + step + count) % count
    else if (key === 'Enter' || key === 'Tab') pick(people.value[active.value] ?? people.value[0]!)
    else if (key === 'Escape') dismissed.value = query.value?.start
    else return false
    return true
  }

  return { people, active, press }
}
