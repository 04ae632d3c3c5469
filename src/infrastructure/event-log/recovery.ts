import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Logger } from '../../application/ports.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { FORMAT, NO_HASH } from './record.ts'
import { refuseDamage, scanSegment, type Place } from './scan.ts'
import { createSegment, listSegments, logFolder, readHeader, segmentPath } from './segment.ts'

const COPY_BYTES = 1 << 20

/** The log's id, and where it goes on. */
export interface Recovered { readonly id: string; readonly end: Place }

async function tornName(files: Files, directory: string, path: string): Promise<string> {
  const names = new Set(await files.list(logFolder(directory)))
  let torn = `${path}.torn`
  for (let n = 2; names.has(basename(torn)); n++) torn = `${path}.${n}.torn`
  return torn
}

/** Nothing is thrown away: what is cut stands beside the segment, durably, before it is cut. */
async function keepAside(files: Files, file: LogFile, from: number, to: string): Promise<void> {
  const copy = await files.open(to, 'create')
  try {
    for (let offset = from; ; ) {
      const bytes = await file.read(offset, COPY_BYTES)
      if (bytes.length === 0) break
      await copy.append(bytes)
      offset += bytes.length
    }
    await copy.fdatasync()
  } finally {
    await copy.close()
  }
}

async function cut(files: Files, directory: string, file: LogFile, end: Place, logger: Logger): Promise<void> {
  const path = segmentPath(directory, end.segment)
  const size = await file.size()
  if (size > end.offset) {
    const torn = await tornName(files, directory, path)
    await keepAside(files, file, end.offset, torn)
    await files.syncDirectory(logFolder(directory))
    await file.truncate(end.offset)
    logger.warn({ file: path, byte: end.offset, bytes: size - end.offset, torn }, 'The log ended in an unfinished batch; it was cut off and kept aside.')
  }
  // A batch may be whole and a new segment may have its name, and yet only in memory, where the writer died before it synced.
  await file.fdatasync()
  await files.syncDirectory(logFolder(directory))
}

/**
 * Brings the last segment to its last valid commit. `known` is where a writer that goes on after an error knows
 * the last durable batch to end: what a failed sync left behind reads well from memory and need not be on the disk.
 */
export async function recover(files: Files, directory: string, logger: Logger, known?: Place): Promise<Recovered> {
  const first = (await listSegments(files, directory)).at(-1)
  if (first === undefined) return await createLog(files, directory)
  const path = segmentPath(directory, first)
  const file = await files.open(path, 'append')
  try {
    const { header, bytes } = await readHeader(file, path, first)
    const start = { position: first - 1, hash: header.previous, segment: first, offset: bytes }
    if (known && known.segment !== first) {
      if (known.position !== start.position || known.hash !== start.hash) throw new DamagedLog(path, 0, 'the segment does not follow the one before it')
    }
    const scan = await scanSegment(file, start, () => undefined)
    await refuseDamage(file, path, scan)
    const end = known ? (known.segment === first ? known : start) : scan.end
    if (scan.end.position < end.position) throw new DamagedLog(path, scan.end.offset, 'committed events are missing')
    await cut(files, directory, file, end, logger)
    return { id: header.log, end }
  } finally {
    await file.close()
  }
}

async function createLog(files: Files, directory: string): Promise<Recovered> {
  const id = randomUUID()
  const offset = await createSegment(files, directory, { log: id, format: FORMAT, first: 1, previous: NO_HASH })
  return { id, end: { position: 0, hash: NO_HASH, segment: 1, offset } }
}
