/** What is in the trays of this tab, kept over a reload of it. Another tab does not see it: it must not send the same. */

const NAME = 'prickle.files.trays'

export interface Trays {
  /** Ids of uploads. */
  read: () => readonly string[]
  write: (ids: readonly string[]) => void
}

export const trays: Trays = {
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(NAME) ?? '[]') as string[]
    }
    catch {
      return []
    }
  },
  write(ids) {
    try {
      if (ids.length) sessionStorage.setItem(NAME, JSON.stringify(ids))
      else sessionStorage.removeItem(NAME)
    }
    catch {
      // Where the browser keeps nothing, a reload empties the trays.
    }
  },
}
