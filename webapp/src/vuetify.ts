/** Vuetify without its theme engine: that writes a style element, which the content security policy forbids. */

import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import 'vuetify/styles/core'
import '@webapp/styles/main.css'

export const vuetify = () => createVuetify({
  theme: false,
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  display: { mobileBreakpoint: 600, thresholds: { xs: 0, sm: 600, md: 960, lg: 1280, xl: 1600, xxl: 2560 } },
  defaults: {
    VBtn: { variant: 'flat', color: 'primary', height: 40 },
    VTextField: { variant: 'outlined', hideDetails: 'auto', color: 'primary' },
    VTextarea: { variant: 'outlined', hideDetails: 'auto', color: 'primary' },
    VMenu: { offset: 4 },
  },
})
