/** The shapes that the files plugin's back end sends. */
import type { AttachedFile } from '@webapp/plugin-api'

/** A file in the list of its room. */
export interface RoomFile extends AttachedFile {
  owner: string
  /** RFC 3339, UTC. */
  created_at: string
  /** Its message. */
  seq?: number
  /** RFC 3339, UTC: when it goes by its age, if that is soon. */
  expires_at?: string
  /** It makes way when the room or the server is full, which is nearly so. */
  is_next?: boolean
}

/** A page of the list, and what all files of the room take together of what it may keep. */
export interface RoomFilesPage {
  data: readonly RoomFile[]
  cursor: string | undefined
  usedBytes: number
  allowedBytes: number
}

export interface FileLimits {
  max_file_bytes: number
  /** Of one message. */
  max_files: number
  /** Files go at this age; 0: they do not. */
  retention_days: number
}

export interface AccessKey {
  key: string
  /** RFC 3339, UTC. */
  expires_at: string
}
