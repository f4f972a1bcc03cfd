/** The shapes that the files plugin's back end sends. */
import type { AttachedFile } from '@webapp/plugin-api'

/** A file in the list of its room. */
export interface RoomFile extends AttachedFile {
  owner: string
  /** RFC 3339, UTC. */
  created_at: string
  /** Its message. */
  seq?: number
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
