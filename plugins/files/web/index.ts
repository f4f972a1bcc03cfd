/** Files: chosen, dropped or pasted into a conversation, shown in its messages and listed beside it. */
import { mdiPaperclip } from '@mdi/js'
import { definePlugin } from '@webapp/plugin-api'
import { defineAsyncComponent } from 'vue'
import { offerUploads } from './attachments'
import AttachButton from './components/AttachButton.vue'
import MessageFiles from './components/MessageFiles.vue'
import TrayPlace from './components/TrayPlace.vue'
import { createFileAccess, FILE_ACCESS } from './fileAccess'
import { followFiles } from './fileNews'

export default definePlugin({
  id: 'files',
  async setup(registry) {
    registry.offer(FILE_ACCESS, createFileAccess(registry))
    offerUploads(registry)
    followFiles(registry)
    await registry.addLocales({ en: () => import('./locales/en.json'), ko: () => import('./locales/ko.json') })
    registry.fill('composer.start', { component: AttachButton })
    registry.fill('composer.top', { component: TrayPlace })
    registry.fill('message.body', { component: MessageFiles })
    registry.fill('message.uploads', { component: defineAsyncComponent(() => import('./components/UploadsOnTheirWay.vue')) })
    registry.fill('room.panel', {
      component: defineAsyncComponent(() => import('./components/FilesPanel.vue')),
      label: () => registry.t('files.files'),
      icon: mdiPaperclip,
      order: 10,
    })
  },
})
