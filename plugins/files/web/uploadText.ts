/** How an upload is doing, in words. */
import type { Upload } from './uploadQueue'
import { useErrorText, useService, useSocket } from '@webapp/plugin-api'
import { useI18n } from 'vue-i18n'
import { UPLOADS } from './attachments'
import { sizeIn, useFileSize } from './fileSize'

export function useUploadText(): (upload: Upload) => string {
  const { t, n } = useI18n()
  const fileSize = useFileSize()
  const errorText = useErrorText()
  const socket = useSocket()
  const { limits } = useService(UPLOADS)()!

  function whileMoving({ sent, size }: Upload): string {
    const { value, unit } = sizeIn(size)
    const percent = n(sent / Math.max(1, size), { style: 'percent' })
    // Both in the unit of the whole: "64 %, 1.3 of 2.1 MB".
    return sent < size
      ? t('files.sending', { percent, sent: n(sent * value / Math.max(1, size), { maximumFractionDigits: unit === 'byte' ? 0 : 1 }), size: fileSize(size) })
      : t('files.almostDone')
  }

  function whileWaiting({ sent, size, error }: Upload): string {
    if (sent > 0) return t('files.lostAt', { percent: n(sent / Math.max(1, size), { style: 'percent' }) })
    if (socket.state.value !== 'connected') return t('files.waitingForConnection')
    return error ? errorText(error) : t('files.waiting')
  }

  return (upload) => {
    const limit = limits()?.max_file_bytes
    if (upload.error?.code === 'files.too_large' && limit) return t('files.tooLarge', { size: fileSize(upload.size), limit: fileSize(limit) })
    if (upload.state === 'sending') return whileMoving(upload)
    if (upload.state === 'waiting') return whileWaiting(upload)
    return upload.error ? errorText(upload.error) : fileSize(upload.size)
  }
}
