/** What the parts of a conversation do for each other. */
import type { InjectionKey, Ref } from 'vue'
import type { Conversation } from './conversation'
import type { Moments } from './moments'
import type { Row } from './rows'
import { inject } from 'vue'

export interface LogContext {
  readonly conversation: Conversation
  readonly moments: Readonly<Ref<Moments>>
  /** The row whose text is being edited. */
  readonly editing: Ref<string | undefined>
  reply: (row: Row) => void
  edit: (row: Row) => void
  /** Asks first. */
  remove: (row: Row) => void
  copy: (row: Row) => void
  openMenu: (row: Row, target: HTMLElement) => void
  /** Shows a message in its place, loading what lies around it. */
  jumpTo: (seq: number) => void
  focusComposer: () => void
  canEdit: (row: Row) => boolean
  canRemove: (row: Row) => boolean
  /** The last own message that can be edited. */
  lastOwn: () => Row | undefined
}

export const LOG_CONTEXT: InjectionKey<LogContext> = Symbol('messages.log')

export function useLogContext(): LogContext {
  return inject(LOG_CONTEXT)!
}
