import type { RecordedEvent } from '../../application/ports.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { NO_HASH, chainHash, decodeLine, type Commit } from './record.ts'
import { listSegments, readHeader, segmentPath } from './segment.ts'

/** A place between two batches. */
export interface Place {
  /** Of the last event before it. */
  readonly position: number
  /** Of the chain up to it. */
  readonly hash: string
  /** The first position of the segment. */
  readonly segment: number
  readonly offset: number
}

/** An event as it is stored, not upcast, and where its line stands. */
export interface PlacedEvent { readonly event: RecordedEvent; readonly offset: number; readonly bytes: number }

export interface Batch { readonly events: readonly PlacedEvent[]; readonly end: Place }

export interface Scan {
  /** After the last batch that is whole. */
  readonly end: Place
  /** The first thing after it that is no part of a whole batch. */
  readonly bad?: { readonly offset: number; readonly reason: string }
}

interface RawLine { readonly offset: number; readonly bytes: Buffer; readonly ended: boolean }

const CHUNK_BYTES = 1 << 20

/** The lines from the offset on, line feeds included. Only the very last one can lack its line feed. */
async function* linesOf(file: LogFile, from: number): AsyncGenerator<RawLine[]> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = from
  for (;;) {
    const chunk = await file.read(offset + rest.length, CHUNK_BYTES)
    if (chunk.length === 0) break
    const bytes = Buffer.concat([rest, chunk])
    const lines: RawLine[] = []
    let start = 0
    for (let feed = bytes.indexOf('\n'); feed >= 0; feed = bytes.indexOf('\n', start)) {
      lines.push({ offset: offset + start, bytes: bytes.subarray(start, feed + 1), ended: true })
      start = feed + 1
    }
    rest = bytes.subarray(start)
    offset += start
    yield lines
  }
  if (rest.length > 0) yield [{ offset, bytes: rest, ended: false }]
}

/** Puts lines together to batches; says what is wrong with the first line that does not fit. */
class Assembly {
  private events: PlacedEvent[] = []
  private lines: Buffer[] = []

  constructor(public end: Place, private readonly onBatch: (batch: Batch) => void) {}

  /** The first event that has no commit line yet. */
  get open(): PlacedEvent | undefined { return this.events[0] }

  add({ bytes, offset, ended }: RawLine): string | undefined {
    const line = ended ? decodeLine(bytes.subarray(0, -1)) : undefined
    switch (line?.kind) {
      case undefined: return 'the line is not whole'
      case 'header': return 'a header stands in the middle'
      case 'commit': return this.commit(line.commit, offset + bytes.length)
      case 'event': {
        const position = this.end.position + this.events.length + 1
        if (line.event.position !== position) return `position ${line.event.position} stands where ${position} belongs`
        this.events.push({ event: line.event, offset, bytes: bytes.length })
        this.lines.push(bytes)
        return undefined
      }
    }
  }

  private commit(commit: Commit, offset: number): string | undefined {
    const position = this.end.position + this.events.length
    if (commit.previous !== this.end.hash) return 'the commit line does not follow the batch before it'
    if (commit.position !== position || commit.events !== this.events.length) return 'the commit line is of another batch'
    if (commit.sha256 !== chainHash(this.end.hash, this.lines)) return 'the hash of the batch is another one'
    this.end = { position, hash: commit.sha256, segment: this.end.segment, offset }
    this.onBatch({ events: this.events, end: this.end })
    this.events = []
    this.lines = []
    return undefined
  }
}

/** Reads one segment from a place on, up to its end or the first thing that is not right. */
export async function scanSegment(file: LogFile, from: Place, onBatch: (batch: Batch) => void): Promise<Scan> {
  const assembly = new Assembly(from, onBatch)
  for await (const lines of linesOf(file, from.offset)) {
    for (const line of lines) {
      const reason = assembly.add(line)
      if (reason !== undefined) return { end: assembly.end, bad: { offset: line.offset, reason } }
    }
  }
  const { end, open } = assembly
  return open ? { end, bad: { offset: open.offset, reason: 'the events have no commit line' } } : { end }
}

/**
 * A crash leaves a tail without a commit line. Where one stands behind what is bad, it was whole once, somebody was
 * told so, and it must not be cut.
 */
export async function refuseDamage(file: LogFile, path: string, scan: Scan): Promise<void> {
  if (!scan.bad) return
  for await (const lines of linesOf(file, scan.bad.offset)) {
    for (const { bytes, ended } of lines) {
      if (ended && decodeLine(bytes.subarray(0, -1))?.kind === 'commit') {
        throw new DamagedLog(path, scan.bad.offset, scan.bad.reason)
      }
    }
  }
}

async function walkSegment(file: LogFile, path: string, from: Place, isLast: boolean, onBatch: (batch: Batch) => void): Promise<Place> {
  const { header, bytes } = await readHeader(file, path, from.segment)
  if (from.offset === 0 && (header.first !== from.position + 1 || header.previous !== from.hash)) {
    throw new DamagedLog(path, 0, 'the segment does not follow the one before it')
  }
  const scan = await scanSegment(file, from.offset === 0 ? { ...from, offset: bytes } : from, onBatch)
  await refuseDamage(file, path, scan)
  if (scan.bad && !isLast) throw new DamagedLog(path, scan.bad.offset, scan.bad.reason)
  return scan.end
}

export const LOG_START: Place = { position: 0, hash: NO_HASH, segment: 1, offset: 0 }

/** Every batch after the place, through all segments; a torn tail of the last one is passed over. */
export async function walkLog(files: Files, directory: string, from: Place, onBatch: (batch: Batch) => void): Promise<Place> {
  const segments = (await listSegments(files, directory)).filter((first) => first >= from.segment)
  if (segments[0] !== from.segment) throw new DamagedLog(segmentPath(directory, from.segment), 0, 'the file is missing')
  let place = from
  for (const first of segments) {
    const path = segmentPath(directory, first)
    const file = await files.open(path, 'read')
    const start = first === place.segment ? place : { ...place, segment: first, offset: 0 }
    try {
      place = await walkSegment(file, path, start, first === segments.at(-1), onBatch)
    } finally {
      await file.close()
    }
  }
  return place
}
