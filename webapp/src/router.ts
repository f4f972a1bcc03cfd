/** The shell's own pages; plugins add theirs. Who is not signed in is led through the welcome page. */

import { createRouter, createWebHistory } from 'vue-router'
import type { Router } from 'vue-router'
import type { Session } from '@webapp/plugin-api/session'
import HomePage from '@webapp/pages/HomePage.vue'

export function createAppRouter(session: Session): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', component: HomePage, meta: { isPublic: true } },
      { path: '/about', component: () => import('@webapp/pages/AboutPage.vue'), meta: { isPublic: true } },
      { path: '/:path(.*)*', component: () => import('@webapp/pages/NotFoundPage.vue'), meta: { isPublic: true } },
    ],
  })
  router.beforeEach((to) => {
    if (session.user.value || to.meta.isPublic) return true
    return { path: '/', query: { next: to.fullPath } }
  })
  return router
}
