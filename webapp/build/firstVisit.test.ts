import { expect, it } from 'vitest'
import type { Manifest } from 'vite'
import { filesOf } from './firstVisit'

it('counts the entry, its imports and styles, every plugin, one language, and no other lazy chunk', () => {
  const manifest: Manifest = {
    'index.html': { file: 'index.js', css: ['index.css'], imports: ['_vue.js'], dynamicImports: ['src/pages/AboutPage.vue'] },
    '_vue.js': { file: 'vue.js' },
    '_texts-en-1.js': { file: 'texts-en-1.js' },
    '_texts-ko-1.js': { file: 'texts-ko-1.js' },
    'src/pages/AboutPage.vue': { file: 'about.js' },
    '../plugins/rooms/web/index.ts': { file: 'rooms.js', dynamicImports: ['../plugins/rooms/web/pages/RoomPage.vue', '../plugins/rooms/web/components/Menu.vue'] },
    '../plugins/rooms/web/pages/RoomPage.vue': { file: 'room-page.js', css: ['room-page.css'] },
    '../plugins/rooms/web/components/Menu.vue': { file: 'menu.js' },
    '../plugins/search/web/index.ts': { file: 'search.js', dynamicImports: ['../plugins/search/web/components/SearchPanel.vue'] },
    '../plugins/search/web/components/SearchPanel.vue': { file: 'search-panel.js' },
  }
  expect(filesOf(manifest)).toEqual(new Set(['index.html', 'index.js', 'vue.js', 'index.css', 'texts-en-1.js', 'rooms.js', 'room-page.js', 'room-page.css', 'search.js']))
})
