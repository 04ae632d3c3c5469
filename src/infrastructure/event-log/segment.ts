import { join } from 'node:path'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { FORMAT, decodeLine, encodeHeader, type Header } from './record.ts'

const NAME = /^\d{20}\.jsonl$/
const HEADER_BYTES_MAX = 1_024

export const logFolder = (directory: string): string => join(directory, 'log')

export const segmentPath = (directory: string, first: number): string =>
  join(logFolder(directory), `${String(first).padStart(20, '0')}.jsonl`)

/** The first positions of the segments, in order. */
export async function listSegments(files: Files, directory: string): Promise<number[]> {
  const names = await files.list(logFolder(directory))
  return names.filter((name) => NAME.test(name)).map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
}

/**
 * The segment gets its name only when its header is durable: so a header that is not whole is damage, never
 * the mark of a crash.
 */
export async function createSegment(files: Files, directory: string, header: Header): Promise<number> {
  const path = segmentPath(directory, header.first)
  const line = encodeHeader(header)
  const file = await files.open(`${path}.new`, 'create')
  try {
    await file.write(0, line)
    await file.fdatasync()
  } finally {
    await file.close()
  }
  await files.rename(`${path}.new`, path)
  await files.syncDirectory(logFolder(directory))
  return line.length
}

export async function readHeader(file: LogFile, path: string, first: number): Promise<{ header: Header; bytes: number }> {
  const start = await file.read(0, HEADER_BYTES_MAX)
  const end = start.indexOf('\n')
  const line = end < 0 ? undefined : decodeLine(start.subarray(0, end))
  if (line?.kind !== 'header') throw new DamagedLog(path, 0, 'the first line is no valid header')
  if (line.header.format !== FORMAT) {
    throw new Error(`${path} has format ${line.header.format}, which this version of Stockstream does not know: run a newer one.`)
  }
  if (line.header.first !== first) throw new DamagedLog(path, 0, `the header is of the segment that starts at ${line.header.first}`)
  return { header: line.header, bytes: end + 1 }
}
