/** What a plugin's UI may add to the page. Everything is owned by the plugin's id, and each call returns its undoing. */

import { shallowReactive } from 'vue'
import type { Component } from 'vue'
import type { QueryClient } from '@tanstack/vue-query'
import type { RouteRecordRaw, Router } from 'vue-router'
import type { Http } from './http'
import type { LocaleLoaders } from './locales'
import type { ServiceKey } from './services'
import type { Session } from './session'
import type { SlotName, Slots } from './slots'
import type { Connected, NoticeHandler, Socket } from './socket'

export type Remove = () => void

type PropsOf<C> = C extends new (...args: never[]) => { $props: infer P } ? P : C extends (props: infer P, ...args: never[]) => unknown ? P : never

export interface ContributionOptions {
  /** Lower comes first. @default 0 */
  order?: number
  /** Text of a tab or menu entry, where the slot shows one; called at each render, so that it follows the language. */
  label?: () => string
  /** An icon's SVG path, where the slot shows one. */
  icon?: string
}

export interface SlotContribution extends ContributionOptions {
  component: Component
}

export interface Contribution extends SlotContribution {
  pluginId: string
}

/** A keyboard shortcut that works everywhere and is listed in the help. */
export interface Command {
  /** `<plugin>.<verb>` */
  id: string
  label: () => string
  /** Such as `Alt+ArrowUp`, `Mod+k` (Ctrl, on a Mac Command) or `?`. Plain letters are not for commands. */
  keys: string
  run: () => void
}

export interface Registry {
  readonly pluginId: string
  readonly http: Http
  readonly socket: Socket
  readonly session: Session
  readonly router: Router
  /** Emptied by the shell when the guest changes. */
  readonly queryClient: QueryClient
  /** Shows `component` in `slot`; props that the slot does not pass are a type error. */
  fill: <S extends SlotName, C extends Component>(
    slot: S,
    contribution: ContributionOptions & { component: Slots[S] extends PropsOf<C> ? C : never },
  ) => Remove
  /** `meta`: see `RouteMeta` in index.ts. */
  addRoute: (route: RouteRecordRaw) => Remove
  addCommand: (command: Command) => Remove
  /** Adds texts, reached under the plugin's id: `t('rooms.create')`. Await it before anything that shows them. */
  addLocales: (loaders: LocaleLoaders) => Promise<void>
  /** A text in the language in use, for labels; components call `useI18n()` instead. */
  t: (key: string, values?: Record<string, unknown>) => string
  onNotice: <P>(event: string, handler: NoticeHandler<P>) => Remove
  onConnect: (handler: (connected: Connected) => void) => Remove
  offer: <T>(key: ServiceKey<T>, service: T) => Remove
  find: <T>(key: ServiceKey<T>) => T | undefined
}

export interface PluginDefinition {
  /** The id of the plugin's folder. */
  id: string
  /** Runs once, in the app's context (`inject` and Pinia stores work), before the page shows anything of it. */
  setup: (registry: Registry) => void | Promise<void>
}

export function definePlugin(definition: PluginDefinition): PluginDefinition {
  return definition
}

/** All contributions and commands of all plugins, in display order. */
export class Contributions {
  readonly #slots = shallowReactive(new Map<SlotName, readonly Contribution[]>())
  readonly commands = shallowReactive(new Map<string, Command>())

  of(slot: SlotName): readonly Contribution[] {
    return this.#slots.get(slot) ?? []
  }

  add(slot: SlotName, contribution: Contribution): Remove {
    const ordered = [...this.of(slot), contribution].sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    this.#slots.set(slot, ordered)
    return () => this.#slots.set(slot, this.of(slot).filter(other => other !== contribution))
  }

  addCommand(command: Command): Remove {
    this.commands.set(command.id, command)
    return () => this.commands.delete(command.id)
  }
}
