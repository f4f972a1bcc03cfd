/** When the list of a room's files has to be fetched anew. */
import type { Registry } from '@webapp/plugin-api'

export const filesKey = (roomId: string): string[] => ['files', 'room', roomId]

/** A list that is shown is fetched at once, another one when it is shown next. */
export function followFiles({ onNotice, queryClient }: Pick<Registry, 'onNotice' | 'queryClient'>): void {
  const refresh = (room: string): void => void queryClient.invalidateQueries({ queryKey: filesKey(room) })
  onNotice<{ room: string, files?: unknown }>('messages.created', ({ room, files }) => files && refresh(room))
  onNotice<{ room: string }>('messages.deleted', ({ room }) => refresh(room))
}
