/** Keys in fields of text. */

/** Such a key belongs to the input method: it chooses or ends a composition and must do nothing else. */
export function endsComposition(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

/** Enter that sends. With a finger there is no Shift, so there Enter is a new line. */
export function isPlainEnter(event: KeyboardEvent, isTouch = matchMedia('(pointer: coarse)').matches): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && !isTouch
}
