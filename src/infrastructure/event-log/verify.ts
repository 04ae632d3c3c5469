import { DamagedLog } from './errors.ts'
import { diskFiles, type Files } from './files.ts'
import { NO_HASH } from './record.ts'
import { LOG_START, walkLog, type Batch } from './scan.ts'
import { segmentPath } from './segment.ts'

export interface VerifyOptions {
  /** A head hash of earlier: is it still in the chain? */
  readonly head?: string
  readonly onProgress?: (position: number) => void
  readonly files?: Files
}

export interface Verified {
  readonly events: number
  readonly head: string
  readonly position: number
  /** Undefined where no head was asked for. */
  readonly headFound: boolean | undefined
}

/** Walks the whole log: headers, CRCs, the chain, positions and versions. Throws DamagedLog at the first fault. */
export async function verifyLog(directory: string, options: VerifyOptions = {}): Promise<Verified> {
  const versions = new Map<string, number>()
  let events = 0
  let found = options.head === NO_HASH
  const check = (batch: Batch): void => {
    for (const { event, offset } of batch.events) {
      const version = (versions.get(event.stream) ?? 0) + 1
      if (event.version !== version) {
        throw new DamagedLog(segmentPath(directory, batch.end.segment), offset, `${event.stream} goes on with version ${event.version}, not ${version}`)
      }
      versions.set(event.stream, version)
    }
    events += batch.events.length
    found ||= batch.end.hash === options.head
    options.onProgress?.(batch.end.position)
  }
  const end = await walkLog(options.files ?? diskFiles, directory, LOG_START, check)
  return { events, head: end.hash, position: end.position, headFound: options.head === undefined ? undefined : found }
}
