/**
 * Decides what has been read, and tells the server: what was on the screen of a page that is visible and focused.
 *
 * Each report costs a packet, so the server says how long to wait: long for a guest's only device, a second where
 * another one is to agree.
 */
import type { ChatError, Socket } from '@webapp/plugin-api'
import type { Ref } from 'vue'
import type { Count, Counts } from './counts'
import type { Untold } from './untold'
import { serviceKey } from '@webapp/plugin-api'
import { shallowReactive, watch } from 'vue'

export const FIRST_WAIT_MS = 1000
/** Rows come onto the screen one by one. */
const GATHER_MS = 300
/** A message that is on the screen by then was never unread. */
export const GRACE_MS = 500

export interface Reading {
  /** The room that is looked at, or none. */
  enter: (roomId: string | undefined) => void
  /** The server's counts are known from here on. */
  ready: () => void
  /** A message came onto the screen, or left it. */
  show: (roomId: string, seq: number, isOnScreen: boolean) => void
  /** A message has come into the room that is open. */
  arrived: (roomId: string, seq: number, isMention: boolean) => void
  /** Makes `seq` and what follows it unread until the room is left. */
  mark: (roomId: string, seq: number) => Promise<void>
  /** The `seq` after which the unread part began when the room was entered; reactive. */
  dividerOf: (roomId: string) => number | undefined
  /** Tells at once what has been read: another device has come, or this one may be closed. */
  flush: () => void
}

export const READING = serviceKey<Reading>('unread.reading')

type Reported = Count & { wait_s: number }

export function createReading(
  socket: Pick<Socket, 'command' | 'state'>,
  counts: Counts,
  untold: Untold,
  isAttentive: Readonly<Ref<boolean>>,
): Reading {
  const onScreen = new Set<number>()
  const dividers = shallowReactive(new Map<string, number>())
  const pending = new Map<string, number>()
  let entered: string | undefined
  let isReady = false
  let marked: string | undefined
  let waitMs = FIRST_WAIT_MS
  let toldAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function read(): void {
    const roomId = entered
    if (!roomId || !isReady || !isAttentive.value || !onScreen.size || marked === roomId) return
    const seq = Math.max(...onScreen)
    const before = counts.of(roomId)
    if (seq <= (before?.read_seq ?? 0)) return
    counts.read(roomId, seq)
    pending.set(roomId, seq)
    untold.add(roomId, seq)
    // What is left to be read is counted by the server, and somebody waits for the number.
    schedule(before?.unread ? FIRST_WAIT_MS : waitMs)
  }

  function schedule(wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => flush(), Math.max(GATHER_MS, toldAt + wait - Date.now()))
  }

  function flush(): void {
    clearTimeout(timer)
    if (socket.state.value !== 'connected') return
    for (const [room, seq] of pending) void tell(room, seq)
    pending.clear()
  }

  async function tell(room: string, seq: number): Promise<void> {
    toldAt = Date.now()
    try {
      const reported = await socket.command<Reported>('unread.read', { room, seq })
      waitMs = reported.wait_s * 1000
      untold.remove(room, seq)
      if ((counts.of(room)?.read_seq ?? 0) <= reported.read_seq) counts.update({ [room]: reported })
    }
    catch (caught) {
      if (!(caught as ChatError).isTemporary) untold.remove(room, seq)
      else if (!pending.has(room)) pending.set(room, seq)
    }
  }

  function divide(roomId: string): void {
    const count = counts.of(roomId)
    if (isReady && count?.unread && !dividers.has(roomId)) dividers.set(roomId, count.read_seq)
  }

  watch(isAttentive, isNow => isNow ? read() : flush(), { flush: 'sync' })

  return {
    flush,
    dividerOf: roomId => dividers.get(roomId),
    enter(roomId) {
      if (roomId === entered) return
      flush()
      onScreen.clear()
      dividers.clear()
      entered = roomId
      marked = undefined
      if (roomId) divide(roomId)
    },
    ready() {
      isReady = true
      for (const [roomId, seq] of untold.all()) {
        counts.read(roomId, seq)
        pending.set(roomId, seq)
        schedule(FIRST_WAIT_MS)
      }
      if (entered) divide(entered)
      read()
    },
    show(roomId, seq, isOnScreen) {
      if (roomId !== entered) return
      if (!isOnScreen) return void onScreen.delete(seq)
      onScreen.add(seq)
      read()
    },
    arrived(roomId, seq, isMention) {
      setTimeout(() => {
        if ((counts.of(roomId)?.read_seq ?? 0) >= seq) return
        counts.add(roomId, seq, isMention)
        if (roomId === entered) divide(roomId)
      }, GRACE_MS)
    },
    async mark(roomId, seq) {
      marked = roomId
      pending.delete(roomId)
      untold.remove(roomId, Infinity)
      const count = await socket.command<Count>('unread.mark', { room: roomId, seq })
      counts.update({ [roomId]: count })
      dividers.set(roomId, count.read_seq)
    },
  }
}
