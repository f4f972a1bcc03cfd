/** Scrolling through a conversation: only what is near the screen is rendered, and nothing on screen ever moves by itself. */
import type { Ref } from 'vue'
import type { Conversation } from './conversation'
import type { Row } from './rows'
import { defaultRangeExtractor, elementScroll, useVirtualizer } from '@tanstack/vue-virtual'
import { useEventListener, useResizeObserver } from '@vueuse/core'
import { computed, nextTick, ref, watch } from 'vue'

/** So far from either end of what is loaded, more is fetched. */
const FETCH_WITHIN_PX = 1500
/** New messages are followed only from here. */
const AT_END_WITHIN_PX = 40
/** From here on "jump to latest" is offered. */
const FAR_FROM_END_PX = 100
/** Room for the line that tells that older messages are being loaded. */
const LOADING_PX = 56
const EDGE_PX = 12
const TYPICAL_ROW_PX = 58

export function useVirtualLog(scroller: Readonly<Ref<HTMLElement | null>>, rows: Ref<Row[]>, conversation: Conversation, active: Ref<string | undefined>) {
  const isAtEnd = ref(true)
  const isFar = ref(false)
  /** Where a scroll was to go while the page was not long enough for it yet. */
  let cutShort: number | undefined
  const activeIndex = computed(() => rows.value.findIndex(row => row.key === active.value))
  // A new object at each change is what makes the virtualizer compare old keys with new ones.
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(computed(() => {
    const current = rows.value
    return {
      count: current.length,
      getScrollElement: () => scroller.value,
      getItemKey: (index: number) => current[index]!.key,
      estimateSize: () => TYPICAL_ROW_PX,
      overscan: 8,
      anchorTo: 'end' as const,
      scrollEndThreshold: AT_END_WITHIN_PX,
      scrollToFn: (offset: number, options: Parameters<typeof elementScroll>[1], instance: Parameters<typeof elementScroll<HTMLElement>>[2]) => {
        elementScroll(offset, options, instance)
        const target = offset + (options.adjustments ?? 0)
        cutShort = scroller.value && scroller.value.scrollTop < target - 1 ? target : undefined
      },
      paddingStart: conversation.timeline.value.hasOlder ? LOADING_PX : EDGE_PX,
      paddingEnd: EDGE_PX,
      // The row with the focus stays, wherever it is scrolled to.
      rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const indexes = defaultRangeExtractor(range)
        const index = activeIndex.value
        return index < 0 || indexes.includes(index) ? indexes : [...indexes, index].sort((a, b) => a - b)
      },
    }
  }))
  virtualizer.value.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, instance) => item.start < (instance.scrollOffset ?? 0)

  let lastTop = 0

  function look(): void {
    const element = scroller.value
    if (!element) return
    const { scrollTop, scrollHeight, clientHeight } = element
    const { hasNewer } = conversation.timeline.value
    const distance = scrollHeight - scrollTop - clientHeight
    if (distance <= AT_END_WITHIN_PX) isAtEnd.value ||= !hasNewer
    // Only people scroll up; that the end has moved away means that rows have grown, and it is followed.
    else if (scrollTop < lastTop) isAtEnd.value = false
    lastTop = scrollTop
    isFar.value = hasNewer || (!isAtEnd.value && distance > FAR_FROM_END_PX)
    const top = virtualizer.value.getVirtualItemForOffset(scrollTop)
    conversation.firstVisible = isAtEnd.value || !top ? undefined : rows.value[top.index]?.seq
    fetchNear(scrollTop, distance)
  }

  function fetchNear(scrollTop: number, distance: number): void {
    // While Safari bounces at the top, a correction of the scroll position would be lost.
    if (!conversation.isLoaded || conversation.error.value || scrollTop < 0) return
    if (scrollTop < FETCH_WITHIN_PX && conversation.timeline.value.hasOlder) void conversation.loadOlder()
    else if (distance < FETCH_WITHIN_PX && conversation.timeline.value.hasNewer) void conversation.loadNewer()
  }

  function scrollToEnd(): void {
    isAtEnd.value = true
    virtualizer.value.scrollToEnd()
  }

  async function showLatest(): Promise<void> {
    isAtEnd.value = true
    conversation.firstVisible = undefined
    if (conversation.timeline.value.hasNewer) await conversation.loadLatest()
    await nextTick()
    scrollToEnd()
  }

  /** Returns whether the message could be shown. */
  async function show(seq: number): Promise<boolean> {
    const find = (): number => rows.value.findIndex(row => row.seq === seq)
    if (find() < 0) await conversation.loadAround(seq)
    await nextTick()
    const index = find()
    if (index < 0) return false
    isAtEnd.value = false
    virtualizer.value.scrollToIndex(index, { align: 'center' })
    return true
  }

  useEventListener(scroller, 'scroll', look, { passive: true })
  useResizeObserver(scroller, () => isAtEnd.value ? scrollToEnd() : look())
  watch([rows, () => virtualizer.value.getTotalSize()], () => {
    if (isAtEnd.value) scrollToEnd()
    // The virtualizer keeps the place of what is on screen before the page has grown by what was put above it.
    else if (cutShort !== undefined) scroller.value!.scrollTop = cutShort
    cutShort = undefined
  }, { flush: 'post' })
  watch([conversation.loading, conversation.error], ([loading, error]) => {
    if (!loading && !error) void nextTick(look)
  })

  return { virtualizer, isAtEnd, isFar, activeIndex, show, showLatest }
}
