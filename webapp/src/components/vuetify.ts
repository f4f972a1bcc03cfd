/**
 * Vuetify, for what lies over the page: dialogs, menus, sheets. Its code comes with the first of them, so that a first
 * visit does without a fifth of its weight. Call `useVuetify()` in the component that shows one; around a page there is
 * none of it. Its theme engine is off: that writes a style element, which the content security policy forbids.
 */

import { getCurrentInstance, inject } from 'vue'
import type { InjectionKey } from 'vue'
import { createVuetify } from 'vuetify'
import 'vuetify/styles/core'
import '@webapp/styles/vuetify.css'

const INSTALLED: InjectionKey<boolean> = Symbol('vuetify')

export function useVuetify(): void {
  const app = getCurrentInstance()!.appContext.app
  if (inject(INSTALLED, false)) return
  app.provide(INSTALLED, true)
  app.use(createVuetify({
    theme: false,
    display: { mobileBreakpoint: 600, thresholds: { xs: 0, sm: 600, md: 960, lg: 1280, xl: 1600, xxl: 2560 } },
    defaults: { VMenu: { offset: 4 } },
  }))
}
