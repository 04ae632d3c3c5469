import type { RecordedEvent } from '../../application/ports.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { linesOf, type RawLine } from './lines.ts'
import { NO_HASH, chainHash, decodeLine, type Commit } from './record.ts'
import { listSegments, readHeader, segmentPath } from './segment.ts'
import { refuseDamage } from './torn.ts'

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
  /** Where that batch starts; undefined where there is none in what was read. */
  readonly lastBatch: number | undefined
  /** Of the file when the reading began: what is written meanwhile is left out. */
  readonly size: number
  /** The first thing after it that is no part of a whole batch. */
  readonly bad?: { readonly offset: number; readonly reason: string }
}

/** Parsed only where somebody looks at it: to open a log its lines need only be whole. */
class ScannedEvent implements PlacedEvent {
  constructor(private readonly line: { readonly event: RecordedEvent }, readonly offset: number, readonly bytes: number) {}
  get event(): RecordedEvent { return this.line.event }
}

/** Puts lines together to batches; says what is wrong with the first line that does not fit. */
class Assembly {
  private events: PlacedEvent[] = []
  private lines: Buffer[] = []
  lastBatch: number | undefined

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
        if (line.position !== position) return `position ${line.position} stands where ${position} belongs`
        this.events.push(new ScannedEvent(line, offset, bytes.length))
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
    this.lastBatch = this.end.offset
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
  const size = await file.size()
  for await (const lines of linesOf(file, from.offset, size)) {
    for (const line of lines) {
      const reason = assembly.add(line)
      if (reason !== undefined) return { end: assembly.end, lastBatch: assembly.lastBatch, size, bad: { offset: line.offset, reason } }
    }
  }
  const { end, lastBatch, open } = assembly
  return { end, lastBatch, size, ...(open && { bad: { offset: open.offset, reason: 'the events have no commit line' } }) }
}

async function walkSegment(file: LogFile, path: string, from: Place, isLast: boolean, onBatch: (batch: Batch) => void): Promise<Place> {
  const { header, bytes } = await readHeader(file, path, from.segment)
  if (from.offset === 0 && (header.first !== from.position + 1 || header.previous !== from.hash)) {
    throw new DamagedLog(path, 0, NOT_FOLLOWING)
  }
  const scan = await scanSegment(file, from.offset === 0 ? { ...from, offset: bytes } : from, onBatch)
  await refuseDamage(file, path, scan)
  if (scan.bad && !isLast) throw new DamagedLog(path, scan.bad.offset, scan.bad.reason)
  return scan.end
}

export const NOT_FOLLOWING = 'the segment does not follow the one before it'

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
