/** Where an image's thumbnails are; found again when they do not load. */
import type { AttachedFile } from '@webapp/plugin-api'
import type { FileAccess } from './fileAccess'
import { useSocket } from '@webapp/plugin-api'
import { onScopeDispose, shallowRef } from 'vue'
import { thumbnailOf } from './fileAccess'

export interface ImageSource {
  key: string
  small: string
  large: string
}

export function useImageSource(access: FileAccess, roomId: string, file: AttachedFile) {
  /** Kept as it is while it works: another key would be another address, and the same bytes once more. */
  const source = shallowRef<ImageSource>()
  let refusedKey: string | undefined

  async function load(): Promise<void> {
    const key = await access.key(roomId).catch(() => undefined)
    // The same address would fail in the same way; the next connection may change that.
    if (key === undefined || key === refusedKey) return
    source.value = { key, small: thumbnailOf(file, key, 320), large: thumbnailOf(file, key, 960) }
  }

  /** The key may have expired while the page slept, or the file is gone. */
  async function retry(): Promise<void> {
    refusedKey = source.value?.key
    source.value = undefined
    await access.find(roomId, file.id).catch(() => undefined)
    await load()
  }

  onScopeDispose(useSocket().onConnect(() => {
    refusedKey = undefined
    if (!source.value) void load()
  }))
  void load()
  return { source, retry }
}
