/** What is said in place of a file that is not there any more. */
import type { AttachedFile } from '@webapp/plugin-api'
import type { ComputedRef } from 'vue'
import { useService } from '@webapp/plugin-api'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { FILE_ACCESS } from './fileAccess'

/** Undefined while the file is there, as far as anybody knows. */
export function useGoneText(file: () => AttachedFile): ComputedRef<string | undefined> {
  const { t } = useI18n()
  const { isGone } = useService(FILE_ACCESS)()!
  return computed(() => {
    if (file().expired) return t('files.expired')
    return isGone(file().id) ? t('files.removed') : undefined
  })
}
