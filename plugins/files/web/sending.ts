/** How a file gets to the server: a small one in one request, a large one in parts that go on after a cut (tus 1.0). */
import type { AttachedFile } from '@webapp/plugin-api'
import type { Transfer } from './transfer'
import { toChatError } from '@webapp/plugin-api'

export const PART_BYTES = 5 * 2 ** 20

const TUS = { 'Tus-Resumable': '1.0.0' }
const PART_TYPE = 'application/offset+octet-stream'

export interface Outgoing {
  roomId: string
  name: string
  body: Blob
  /** Where an earlier try has left its parts. */
  location?: string | undefined
}

export interface SendingPorts {
  transfer: Transfer
  onProgress: (sent: number) => void
  /** The address under which the upload goes on after a cut. */
  onLocation: (location: string) => void
}

export function sendFile(outgoing: Outgoing, ports: SendingPorts): Promise<AttachedFile> {
  return outgoing.body.size < PART_BYTES ? sendWhole(outgoing, ports) : sendInParts(outgoing, ports)
}

async function sendWhole({ roomId, name, body }: Outgoing, { transfer, onProgress }: SendingPorts): Promise<AttachedFile> {
  const headers = { 'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(name) }
  const answer = await transfer('POST', `/api/rooms/${roomId}/files`, { headers, body, onProgress })
  return answer.body as AttachedFile
}

async function sendInParts(outgoing: Outgoing, ports: SendingPorts): Promise<AttachedFile> {
  const { transfer, onProgress } = ports
  const place = await resumed(outgoing, transfer) ?? await begun(outgoing, ports)
  let { offset } = place
  // The part of the last byte makes the file, and may be cut off after that byte: then an empty one makes it.
  for (let isFile = false; !isFile;) {
    const start = offset
    onProgress(start)
    const answer = await transfer('PATCH', place.location, {
      headers: { ...TUS, 'Content-Type': PART_TYPE, 'Upload-Offset': String(start) },
      body: outgoing.body.slice(start, start + PART_BYTES),
      onProgress: sent => onProgress(start + sent),
    })
    offset = Number(answer.header('Upload-Offset'))
    isFile = answer.header('X-File-Id') !== undefined
  }
  return (await transfer('GET', place.location, { headers: TUS })).body as AttachedFile
}

interface Place { location: string, offset: number }

/** Undefined where there is nothing to go on with. */
async function resumed({ location }: Outgoing, transfer: Transfer): Promise<Place | undefined> {
  if (!location) return undefined
  try {
    const answer = await transfer('HEAD', location, { headers: TUS })
    return { location, offset: Number(answer.header('Upload-Offset')) }
  }
  catch (caught) {
    if (toChatError(caught).kind !== 'not_found') throw caught
    return undefined
  }
}

async function begun({ roomId, name, body }: Outgoing, { transfer, onLocation }: SendingPorts): Promise<Place> {
  const headers = { ...TUS, 'Upload-Length': String(body.size), 'Upload-Metadata': `filename ${inBase64(name)}` }
  const answer = await transfer('POST', `/api/rooms/${roomId}/uploads`, { headers })
  const location = answer.header('Location')!
  onLocation(location)
  return { location, offset: 0 }
}

function inBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
