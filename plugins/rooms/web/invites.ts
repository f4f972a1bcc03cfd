/** A link into a room: for a public room its address, for a private one an invite that is made when it is asked for. */
import type { Invite, Room } from './types'
import { useErrorText, useHttp } from '@webapp/plugin-api'
import { computed, ref, shallowRef } from 'vue'

export const DAY_S = 24 * 60 * 60

export function useInvite(room: () => Room) {
  const http = useHttp()
  const errorText = useErrorText()
  const invite = shallowRef<Invite>()
  const failure = ref<string>()
  const isAsking = ref(false)

  async function create(expiresInS: number): Promise<void> {
    isAsking.value = true
    failure.value = undefined
    try {
      invite.value = await http.post<Invite>(`/api/rooms/${room().id}/invites`, { expires_in_s: expiresInS })
    }
    catch (caught) {
      failure.value = errorText(caught)
    }
    finally {
      isAsking.value = false
    }
  }

  const url = computed(() => room().visibility === 'public' ? `${location.origin}/rooms/${room().id}` : invite.value?.url)
  return { url, invite, failure, isAsking, create }
}
