/** The keyboard in the log: arrows from message to message, letters for what can be done with one. */
import type { Virtualizer } from '@tanstack/vue-virtual'
import type { Ref } from 'vue'
import type { LogContext } from './logContext'
import type { Row } from './rows'
import { nextTick } from 'vue'

interface LogKeysPorts {
  rows: Ref<Row[]>
  active: Ref<string | undefined>
  scroller: Readonly<Ref<HTMLElement | null>>
  virtualizer: Ref<Virtualizer<HTMLElement, HTMLElement>>
  context: LogContext
  showLatest: () => Promise<void>
}

export function useLogKeys({ rows, active, scroller, virtualizer, context, showLatest }: LogKeysPorts) {
  const elementOf = (key: string): HTMLElement | null | undefined => scroller.value?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)

  async function focusRow(key: string): Promise<void> {
    active.value = key
    await nextTick()
    elementOf(key)?.focus({ preventScroll: true })
  }

  async function moveTo(index: number): Promise<void> {
    const row = rows.value[Math.min(Math.max(index, 0), rows.value.length - 1)]
    if (!row) return
    await focusRow(row.key)
    virtualizer.value.scrollToIndex(rows.value.indexOf(row), { align: 'auto' })
  }

  async function moveToEnd(): Promise<void> {
    await showLatest()
    await moveTo(rows.value.length - 1)
  }

  const moves: Record<string, (index: number) => unknown> = {
    ArrowUp: index => moveTo(index - 1),
    ArrowDown: index => moveTo(index + 1),
    Home: () => moveTo(0),
    End: moveToEnd,
    Escape: context.focusComposer,
  }
  const deeds: Record<string, { can?: (row: Row) => boolean, run: (row: Row) => void }> = {
    r: { run: context.reply },
    c: { run: context.copy },
    e: { can: context.canEdit, run: context.edit },
    Delete: { can: context.canRemove, run: context.remove },
    ContextMenu: { run: row => context.openMenu(row, elementOf(row.key)!) },
  }

  /** Returns whether the key means something for this row. */
  function act(key: string, row: Row, index: number): boolean {
    const deed = deeds[key]
    const isPossible = deed && row.seq !== undefined && !row.isDeleted && (deed.can?.(row) ?? true)
    if (isPossible) deed.run(row)
    else moves[key]?.(index)
    return Boolean(isPossible || moves[key])
  }

  function press(event: KeyboardEvent): void {
    // Only the row itself has these keys, not a field or a button in it.
    const key = (event.target as HTMLElement).dataset.key
    const index = rows.value.findIndex(row => row.key === key)
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const isMenu = event.shiftKey && event.key === 'F10'
    const name = isMenu ? 'ContextMenu' : event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (act(name, rows.value[index]!, index)) event.preventDefault()
  }

  return { press, focusRow }
}
