/** Shows a notification of the browser when somebody mentions this guest and nobody looks; only where it is allowed already. */
export function notifyOfMention(title: string, body: string, roomId: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.visibilityState === 'visible') return
  new Notification(title, { body, tag: roomId, silent: true })
}
