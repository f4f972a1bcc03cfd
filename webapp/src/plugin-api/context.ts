/** How components and stores reach the page's services: injected, so that two apps in one test never meet. */

import { inject } from 'vue'
import type { InjectionKey, Ref } from 'vue'
import type { Http } from './http'
import type { Language } from './locales'
import type { Contributions } from './registry'
import type { ServiceKey, Services } from './services'
import type { Session } from './session'
import type { Socket } from './socket'

export interface SnackbarOptions {
  text: string
  /** One thing to do about it, such as Undo. */
  action?: { label: string, run: () => void }
  /** @default 5_000 */
  timeoutMs?: number
  /** Told at once by screen readers. @default false */
  isFailure?: boolean
}

export interface ConfirmOptions {
  title: string
  text: string
  confirmLabel: string
  cancelLabel?: string
  /** Shows the confirming button in the colour of errors. @default false */
  isDestructive?: boolean
}

export interface Feedback {
  /** Shows a short text at the bottom; returns what takes it away. */
  snackbar: (options: SnackbarOptions) => () => void
  /** Asks before something that cannot be undone. */
  confirm: (options: ConfirmOptions) => Promise<boolean>
  /** Told by screen readers, shown to nobody. */
  announce: (text: string) => void
}

export type ThemeChoice = 'system' | 'light' | 'dark'

export interface Appearance {
  readonly theme: Ref<ThemeChoice>
  readonly isDark: Readonly<Ref<boolean>>
  readonly language: Readonly<Ref<Language>>
  setLanguage: (language: Language) => Promise<void>
}

export interface Shell {
  http: Http
  socket: Socket
  session: Session
  services: Services
  contributions: Contributions
  feedback: Feedback
  appearance: Appearance
  /** Ids of the plugins whose UI could not be loaded. */
  failedPlugins: ReadonlySet<string>
}

export const SHELL: InjectionKey<Shell> = Symbol('shell')

export function useShell(): Shell {
  const shell = inject(SHELL)
  if (!shell) throw new Error('useShell() outside of the app')
  return shell
}

export const useHttp = (): Http => useShell().http
export const useSocket = (): Socket => useShell().socket
export const useSession = (): Session => useShell().session
export const useFeedback = (): Feedback => useShell().feedback
export const useAppearance = (): Appearance => useShell().appearance

/** What another plugin offers under `key`; call the result when it is needed (the other may be set up later). */
export function useService<T>(key: ServiceKey<T>): () => T | undefined {
  const { services } = useShell()
  return () => services.find(key)
}
