import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Logger } from '../../application/ports.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { FORMAT, NO_HASH } from './record.ts'
import { NOT_FOLLOWING, scanSegment, type Place, type Scan } from './scan.ts'
import { createSegment, listSegments, logFolder, readHeader, segmentPath } from './segment.ts'
import { refuseDamage } from './torn.ts'

const COPY_BYTES = 1 << 20
/** Enough for some hundred events. */
const TRIAL_BYTES = 64 * 1024

/** The log's id, and where it goes on. */
export interface Recovered { readonly id: string; readonly end: Place }

/** Tells of a log how far it was durable. */
export interface Witness { readonly log: string; readonly position: number }

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
      await copy.write(offset - from, bytes)
      offset += bytes.length
    }
    await copy.fdatasync()
  } finally {
    await copy.close()
  }
}

async function cutTorn(files: Files, directory: string, file: LogFile, { end, size }: Scan, logger: Logger): Promise<void> {
  if (size <= end.offset) return
  const path = segmentPath(directory, end.segment)
  const torn = await tornName(files, directory, path)
  await keepAside(files, file, end.offset, torn)
  await files.syncDirectory(logFolder(directory))
  await file.truncate(end.offset)
  logger.warn({ file: path, byte: end.offset, bytes: size - end.offset, torn }, 'The log ended in an unfinished batch; it was cut off and kept aside.')
}

/**
 * The last batch may be whole and yet only in memory, where the writer died before it synced, or where its sync failed
 * and the kernel took the pages for written. Written once more, they are synced for certain.
 */
async function writeAgain(file: LogFile, { end, lastBatch }: Scan): Promise<void> {
  if (lastBatch !== undefined) await file.write(lastBatch, await file.read(lastBatch, end.offset - lastBatch))
}

/**
 * Brings the last segment to its last valid commit. `atLeast` is up to where the log is known to have been durable:
 * where it ends before, committed events are missing.
 */
export async function recover(files: Files, directory: string, logger: Logger, atLeast?: Witness): Promise<Recovered> {
  const first = (await listSegments(files, directory)).at(-1)
  if (first === undefined) {
    if (atLeast && atLeast.position > 0) throw new DamagedLog(segmentPath(directory, 1), 0, `the file is missing. ${known(atLeast.position)}`)
    return await createLog(files, directory)
  }
  return await withSegment(files, directory, first, async (file, path) => {
    const { id, start } = await startOf(file, path, first)
    const scan = await scanSegment(file, start)
    if (atLeast?.log === id) requireAll(path, scan, atLeast)
    await refuseDamage(file, path, scan)
    await cutTorn(files, directory, file, scan, logger)
    await writeAgain(file, scan)
    await file.fdatasync()
    await files.syncDirectory(logFolder(directory))
    return { id, end: scan.end }
  })
}

/**
 * For a writer that goes on after an error, and knows where the last durable batch ends. What stands behind it was
 * never answered, and reads well from memory whether it is on the disk or not: it is cut, whatever it looks like.
 */
export async function recoverTo(files: Files, directory: string, durable: Place): Promise<Recovered> {
  const first = (await listSegments(files, directory)).at(-1) ?? durable.segment
  return await withSegment(files, directory, first, async (file, path) => {
    const { id, start } = await startOf(file, path, first)
    const end = first === durable.segment ? durable : start
    const scan = await scanSegment(file, start)
    if (end.position !== durable.position || end.hash !== durable.hash) throw new DamagedLog(path, 0, NOT_FOLLOWING)
    requireAll(path, scan, durable)
    await file.truncate(end.offset)
    await tryOut(file, end.offset)
    await files.syncDirectory(logFolder(directory))
    return { id, end }
  })
}

function requireAll(path: string, { end, bad }: Scan, { position }: { readonly position: number }): void {
  if (end.position >= position) return
  throw new DamagedLog(path, bad?.offset ?? end.offset, `it ends with event ${end.position}. ${known(position)}`)
}

const known = (position: number): string =>
  `The index knows of events up to ${position}: where the log is meant to end earlier, delete index.sqlite and read-model.sqlite`

/** Whether the disk takes writes again. What a crash leaves of it looks like a torn batch. */
async function tryOut(file: LogFile, end: number): Promise<void> {
  await file.write(end, Buffer.alloc(TRIAL_BYTES))
  await file.fdatasync()
  await file.truncate(end)
  await file.fdatasync()
}

async function startOf(file: LogFile, path: string, first: number): Promise<{ id: string; start: Place }> {
  const { header, bytes } = await readHeader(file, path, first)
  return { id: header.log, start: { position: first - 1, hash: header.previous, segment: first, offset: bytes } }
}

async function withSegment<Result>(
  files: Files, directory: string, first: number, use: (file: LogFile, path: string) => Promise<Result>,
): Promise<Result> {
  const path = segmentPath(directory, first)
  const file = await files.open(path, 'write')
  try {
    return await use(file, path)
  } finally {
    await file.close()
  }
}

async function createLog(files: Files, directory: string): Promise<Recovered> {
  const id = randomUUID()
  const offset = await createSegment(files, directory, { log: id, format: FORMAT, first: 1, previous: NO_HASH })
  return { id, end: { position: 0, hash: NO_HASH, segment: 1, offset } }
}
