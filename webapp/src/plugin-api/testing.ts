/** Mounts a part of a plugin's UI for its component tests: with real texts and slots, and the services that a test hands in. */

import type { VueWrapper } from '@vue/test-utils'
import { mount } from '@vue/test-utils'
import type { Component, Plugin } from 'vue'
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import { SHELL } from './context'
import type { Shell, SnackbarOptions } from './context'
import { Contributions } from './registry'
import { Services } from './services'
import type { ServiceKey } from './services'

/** The id of the guest whose page it is. */
export const ME = 'me'

export interface PartOptions {
  props?: Record<string, unknown>
  /** English texts by plugin. */
  texts?: Record<string, unknown>
  /** What plugins offer. */
  services?: readonly (readonly [key: ServiceKey<unknown>, service: unknown])[]
  shell?: Partial<Shell>
  /** Further plugins of Vue. */
  use?: Plugin[]
}

export interface MountedPart {
  part: VueWrapper
  contributions: Contributions
  /** What was shown at the bottom of the page. */
  snackbars: SnackbarOptions[]
}

export function mountPart(component: Component, { props = {}, texts = {}, services = [], shell = {}, use = [] }: PartOptions = {}): MountedPart {
  const contributions = new Contributions()
  const offered = new Services()
  const snackbars: SnackbarOptions[] = []
  services.forEach(([key, service]) => offered.offer(key, service))
  const page: Partial<Shell> = {
    contributions,
    services: offered,
    session: { user: computed(() => ({ id: ME, name: 'Me' })) } as Shell['session'],
    feedback: { snackbar: options => (snackbars.push(options), () => undefined), announce: () => undefined, confirm: () => Promise.resolve(true) },
    ...shell,
  }
  const i18n = createI18n({ legacy: false, locale: 'en', missingWarn: false, fallbackWarn: false, messages: { en: texts } as never })
  const part = mount(component, { props, attachTo: document.body, global: { plugins: [i18n, ...use], provide: { [SHELL as symbol]: page }, stubs: { RouterLink: true } } })
  return { part: part as VueWrapper, contributions, snackbars }
}
