/** Tells screen readers what others write, one by one, or only how much when it is too fast to listen to. */
import type { Message } from './types'
import { onScopeDispose } from 'vue'

const GATHER_MS = 2000
const MOST_READ = 3

export interface AnnouncerPorts {
  announce: (text: string) => void
  describe: (message: Message) => string
  count: (messages: number) => string
}

/** Returns what is to be called for each message. */
export function useAnnouncer({ announce, describe, count }: AnnouncerPorts): (message: Message) => void {
  let gathered: Message[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    timer = undefined
    announce(gathered.length > MOST_READ ? count(gathered.length) : gathered.map(describe).join('. '))
    gathered = []
  }

  onScopeDispose(() => clearTimeout(timer))
  return (message) => {
    gathered.push(message)
    timer ??= setTimeout(tell, GATHER_MS)
  }
}
