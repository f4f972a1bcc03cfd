/** Files by the calendar day on which they came. */
import type { RoomFile } from './types'

export interface Day {
  date: Date
  name?: 'today' | 'yesterday'
  files: RoomFile[]
}

/** `files` newest first, and so are the days. */
export function byDay(files: readonly RoomFile[], now: Date): Day[] {
  const days: Day[] = []
  for (const file of files) {
    const moment = new Date(file.created_at)
    const date = new Date(moment.getFullYear(), moment.getMonth(), moment.getDate())
    if (days.at(-1)?.date.getTime() !== date.getTime()) days.push({ date, name: nameOf(date, now), files: [] })
    days.at(-1)!.files.push(file)
  }
  return days
}

function nameOf(date: Date, now: Date): Day['name'] {
  const isDaysAgo = (days: number): boolean => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime() === date.getTime()
  return isDaysAgo(0) ? 'today' : isDaysAgo(1) ? 'yesterday' : undefined
}
