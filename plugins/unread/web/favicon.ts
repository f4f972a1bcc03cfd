/** A dot on the page's icon while something is unread: berry for a mention, else green. */

export type Badge = 'none' | 'unread' | 'mention'

const COLOURS = { unread: '#006c53', mention: '#b0487a' }

/** Returns the icon, an SVG's text, with a dot at its corner as an address. */
export function dotted(icon: string, badge: keyof typeof COLOURS): string {
  const [x, y, width] = /viewBox="([^"]+)"/.exec(icon)![1]!.split(' ').map(Number) as [number, number, number]
  const radius = width / 5
  const dot = `<circle cx="${x + width - radius * 1.2}" cy="${y + radius * 1.2}" r="${radius}" fill="${COLOURS[badge]}" stroke="#fff" stroke-width="${radius / 4}"/>`
  return `data:image/svg+xml,${encodeURIComponent(icon.replace('</svg>', `${dot}</svg>`))}`
}

const fetchText = async (url: string): Promise<string> => (await fetch(url)).text()

/** Returns what shows a badge on the icon of `link`. */
export function createFavicon(link: HTMLLinkElement, load = fetchText): (badge: Badge) => Promise<void> {
  const plain = link.href
  let icon: string | undefined
  let wanted: Badge = 'none'
  return async (badge) => {
    wanted = badge
    if (badge === 'none') return void (link.href = plain)
    icon ??= await load(plain).catch(() => undefined) // without a connection; the next change tries again
    if (icon && wanted === badge) link.href = dotted(icon, badge)
  }
}
