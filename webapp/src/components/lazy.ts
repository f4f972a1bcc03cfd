/** Parts that a first visit does not need; their code comes when they are opened. */

import { defineAsyncComponent } from 'vue'

export const PopupMenu = defineAsyncComponent(() => import('./PopupMenu.vue'))
export const ModalDialog = defineAsyncComponent(() => import('./ModalDialog.vue'))
export const AppOverlays = defineAsyncComponent(() => import('./AppOverlays.vue'))
export const AppearanceMenu = defineAsyncComponent(() => import('./AppearanceMenu.vue'))
