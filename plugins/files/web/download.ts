/** Gets a file to the device, or tells why that does not work. */
import type { AttachedFile } from '@webapp/plugin-api'
import { useErrorText, useFeedback, useService } from '@webapp/plugin-api'
import { useI18n } from 'vue-i18n'
import { FILE_ACCESS } from './fileAccess'

export function useDownload(roomId: string): (file: AttachedFile) => Promise<void> {
  const { t } = useI18n()
  const feedback = useFeedback()
  const errorText = useErrorText()
  const access = useService(FILE_ACCESS)()!

  return async ({ id, name }) => {
    try {
      // Asked for first: a link to a file that has gone would lead away from the page.
      const href = await access.find(roomId, id)
      if (href) Object.assign(document.createElement('a'), { href, download: name }).click()
      else feedback.announce(t('files.removed'))
    }
    catch (caught) {
      feedback.snackbar({ text: errorText(caught), isFailure: true })
    }
  }
}
