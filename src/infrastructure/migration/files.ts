import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../application/ports.ts'
import { diskFiles, type LogFile } from '../event-log/files.ts'
import { lockStore } from '../event-log/lock.ts'
import { encodeCommit, FORMAT, NO_HASH } from '../event-log/record.ts'
import { recover } from '../event-log/recovery.ts'
import { type Batch, type Place, scanSegment } from '../event-log/scan.ts'
import { createSegment, listSegments, logFolder, readHeader, segmentPath } from '../event-log/segment.ts'
import type { ChainEnd, ChainedBatch, LogSource, LogTarget } from './chain.ts'
import { BrokenChain } from './chain.ts'

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024
const BATCHES_AT_ONCE = 200

/** The log of a store's folder, which no server may write to meanwhile. */
export async function fileSource(directory: string, logger: Logger): Promise<LogSource> {
  const unlock = lockStore(directory)
  try {
    const { id, end } = await recover(diskFiles, directory, logger)
    return {
      id, end: { position: end.position, sha256: end.hash },
      batches: () => batchesOf(directory),
      close: () => { unlock(); return Promise.resolve() },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

async function* batchesOf(directory: string): AsyncGenerator<readonly ChainedBatch[]> {
  let previous = NO_HASH
  for (const first of await listSegments(diskFiles, directory)) {
    const path = segmentPath(directory, first)
    const file = await diskFiles.open(path, 'read')
    try {
      const { header, bytes } = await readHeader(file, path, first)
      if (header.previous !== previous) throw new BrokenChain(`${path} does not follow the segment before it.`)
      const batches: Batch[] = []
      const { end, bad } = await scanSegment(file, { position: first - 1, hash: previous, segment: first, offset: bytes }, (batch) => { batches.push(batch) })
      if (bad) throw new BrokenChain(`${path} is damaged at byte ${bad.offset}: ${bad.reason}.`)
      for (let n = 0; n < batches.length; n += BATCHES_AT_ONCE) yield await chained(file, batches.slice(n, n + BATCHES_AT_ONCE), n === 0 ? previous : batches[n - 1]?.end.hash ?? previous)
      previous = end.hash
    } finally {
      await file.close()
    }
  }
}

async function chained(file: LogFile, batches: readonly Batch[], before: string): Promise<readonly ChainedBatch[]> {
  let previous = before
  const found: ChainedBatch[] = []
  for (const { events, end } of batches) {
    const lines = await Promise.all(events.map(({ offset, bytes }) => file.read(offset, bytes)))
    found.push({ lines, position: end.position, sha256: end.hash, previous })
    previous = end.hash
  }
  return found
}

/** Writes beside the log that it is to be, and puts it in its place when it is finished. The folder must hold no log. */
export async function fileTarget(directory: string, id: string, logger: Logger): Promise<LogTarget> {
  if (existsSync(logFolder(directory))) throw new BrokenChain(`${directory} holds a log already: name an empty folder.`)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const unlock = lockStore(directory)
  try {
    return new FileTarget(directory, id, await place(join(directory, 'migration'), id, logger), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function place(staging: string, id: string, logger: Logger): Promise<Place> {
  await diskFiles.createDirectory(logFolder(staging))
  if ((await listSegments(diskFiles, staging)).length === 0) {
    const offset = await createSegment(diskFiles, staging, { log: id, format: FORMAT, first: 1, previous: NO_HASH })
    return { position: 0, hash: NO_HASH, segment: 1, offset }
  }
  const found = await recover(diskFiles, staging, logger)
  if (found.id !== id) throw new BrokenChain(`${staging} was begun from another log: remove it.`)
  return found.end
}

class FileTarget implements LogTarget {
  private file: LogFile | undefined
  private readonly staging: string

  constructor(private readonly directory: string, private readonly id: string, private place: Place, private readonly unlock: () => void) {
    this.staging = join(directory, 'migration')
  }

  get end(): ChainEnd { return { position: this.place.position, sha256: this.place.hash } }

  async write(batches: readonly ChainedBatch[]): Promise<void> {
    for (const { lines, position, sha256, previous } of batches) {
      const file = await this.segment()
      const bytes = Buffer.concat([...lines, encodeCommit({ position, events: lines.length, sha256, previous })])
      await file.write(this.place.offset, bytes)
      this.place = { ...this.place, position, hash: sha256, offset: this.place.offset + bytes.length }
    }
    await this.file?.fdatasync()
  }

  async finish(): Promise<void> {
    await this.file?.close()
    this.file = undefined
    await diskFiles.rename(logFolder(this.staging), logFolder(this.directory))
    await rm(this.staging, { recursive: true })
    await diskFiles.syncDirectory(this.directory)
  }

  async close(): Promise<void> {
    await this.file?.close()
    this.unlock()
  }

  private async segment(): Promise<LogFile> {
    const { position, hash } = this.place
    if (this.place.offset >= SEGMENT_BYTES_MAX) {
      await this.file?.fdatasync()
      await this.file?.close()
      this.file = undefined
      const offset = await createSegment(diskFiles, this.staging, { log: this.id, format: FORMAT, first: position + 1, previous: hash })
      this.place = { position, hash, segment: position + 1, offset }
    }
    this.file ??= await diskFiles.open(segmentPath(this.staging, this.place.segment), 'write')
    return this.file
  }
}
