/** Key combinations as commands name them: `Mod+k`, `Alt+Shift+ArrowUp`, `?`. */

const isMac = /Mac|iP(?:hone|ad)/.test(navigator.platform)
const SYMBOLS: Record<string, string> = { Mod: isMac ? '⌘' : 'Ctrl', Alt: isMac ? '⌥' : 'Alt', ArrowUp: '↑', ArrowDown: '↓' }

/** Tells whether the pressed keys are `keys`. Never while an input method composes: its Enter and Esc are its own. */
export function isPressed(event: KeyboardEvent, keys: string): boolean {
  if (event.isComposing || event.keyCode === 229) return false
  const parts = keys.split('+')
  const key = parts.pop()!
  const wants = (name: string) => parts.includes(name)
  return event.key.toLowerCase() === key.toLowerCase()
    && (isMac ? event.metaKey : event.ctrlKey) === wants('Mod')
    && event.altKey === wants('Alt')
    // `?` needs Shift on most keyboards and is not told by it.
    && (event.shiftKey === wants('Shift') || key === '?')
}

export function keysForPeople(keys: string): string[] {
  return keys.split('+').map(key => SYMBOLS[key] ?? key.toUpperCase())
}
