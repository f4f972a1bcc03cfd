/** localStorage that may be missing, full or forbidden: then values live as long as the page. */

export interface SafeStorage {
  get: (name: string) => string | undefined
  set: (name: string, value: string) => void
  remove: (name: string) => void
  /** False once anything could not be kept. */
  readonly isKept: boolean
}

/** `area` is asked only when needed, since reading `window.localStorage` itself may throw. */
export function createStorage(area: () => Storage): SafeStorage {
  const memory = new Map<string, string>()
  let isKept = true

  function attempt<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return use(area())
    }
    catch {
      isKept = false
      return undefined
    }
  }

  return {
    get: name => memory.get(name) ?? attempt(storage => storage.getItem(name)) ?? undefined,
    set(name, value) {
      memory.delete(name)
      attempt(storage => storage.setItem(name, value))
      if (!isKept) memory.set(name, value)
    },
    remove(name) {
      memory.delete(name)
      attempt(storage => storage.removeItem(name))
    },
    get isKept() {
      return isKept
    },
  }
}

/** Names begin with the plugin's id: `auth.credentials`. */
export const storage = createStorage(() => window.localStorage)
