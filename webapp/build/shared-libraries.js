/** What plugins' UIs may import besides `@webapp/plugin-api` and their own folder: one copy for all, resolved from here. */
export const SHARED_LIBRARIES = ['vue', 'vue-i18n', 'vue-router', 'pinia', '@tanstack/vue-query', '@tanstack/vue-virtual', '@vueuse/core', '@mdi/js', 'idb']
