import type { RecordedEvent } from '../../application/ports.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import { linesOf, type RawLine } from './lines.ts'
import { NO_HASH, chainHash, decodeLine, isEventLine, type Commit } from './record.ts'
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
  readonly bad?: Bad
}

export type OnBatch = (batch: Batch) => void

interface Bad { readonly offset: number; readonly reason: string }

/** Parsed only where somebody looks at it. */
class ScannedEvent implements PlacedEvent {
  constructor(private readonly line: { readonly event: RecordedEvent }, readonly offset: number, readonly bytes: number) {}
  get event(): RecordedEvent { return this.line.event }
}

/** Puts lines together to batches; says what is wrong with the first line that does not fit. */
class Assembly {
  private waiting: RawLine[] = []
  lastBatch: number | undefined

  constructor(public end: Place, private readonly onBatch: OnBatch | undefined) {}

  add(raw: RawLine): Bad | undefined {
    if (raw.ended && isEventLine(raw.bytes)) {
      this.waiting.push(raw)
      return undefined
    }
    const line = raw.ended ? decodeLine(raw.bytes.subarray(0, -1)) : undefined
    if (line?.kind === 'commit') return this.commit(line.commit, raw)
    return this.badEvent() ?? { offset: raw.offset, reason: line ? 'a header stands in the middle' : 'the line is not whole' }
  }

  /** What is wrong where nothing comes after. */
  finish(): Bad | undefined {
    const [first] = this.waiting
    return first && (this.badEvent() ?? { offset: first.offset, reason: 'the events have no commit line' })
  }

  /** The hash covers every byte of the events: where nobody wants them, they need no look of their own. */
  private commit(commit: Commit, { offset, bytes }: RawLine): Bad | undefined {
    const reason = this.misfit(commit)
    if (reason !== undefined) return this.badEvent() ?? { offset, reason }
    const end = { position: commit.position, hash: commit.sha256, segment: this.end.segment, offset: offset + bytes.length }
    if (this.onBatch) {
      const events: PlacedEvent[] = []
      const bad = this.badEvent(events)
      if (bad) return bad
      this.onBatch({ events, end })
    }
    this.lastBatch = this.end.offset
    this.end = end
    this.waiting = []
    return undefined
  }

  private misfit({ previous, position, events, sha256 }: Commit): string | undefined {
    if (previous !== this.end.hash) return 'the commit line does not follow the batch before it'
    if (position !== this.end.position + this.waiting.length || events !== this.waiting.length) return 'the commit line is of another batch'
    return sha256 === chainHash(this.end.hash, this.waiting.map(({ bytes }) => bytes)) ? undefined : 'the hash of the batch is another one'
  }

  /** The first of the waiting lines that is not the event that belongs there; those before it go to `whole`. */
  private badEvent(whole: PlacedEvent[] = []): Bad | undefined {
    for (const { offset, bytes } of this.waiting) {
      const line = decodeLine(bytes.subarray(0, -1))
      const position = this.end.position + whole.length + 1
      if (line?.kind !== 'event') return { offset, reason: 'the line is not whole' }
      if (line.position !== position) return { offset, reason: `position ${line.position} stands where ${position} belongs` }
      whole.push(new ScannedEvent(line, offset, bytes.length))
    }
    return undefined
  }
}

/** Reads one segment from a place on, up to its end or the first thing that is not right. */
export async function scanSegment(file: LogFile, from: Place, onBatch?: OnBatch): Promise<Scan> {
  const assembly = new Assembly(from, onBatch)
  const size = await file.size()
  let bad: Bad | undefined
  reading: for await (const lines of linesOf(file, from.offset, size)) {
    for (const line of lines) {
      bad = assembly.add(line)
      if (bad) break reading
    }
  }
  bad ??= assembly.finish()
  return { end: assembly.end, lastBatch: assembly.lastBatch, size, ...(bad && { bad }) }
}

async function walkSegment(file: LogFile, path: string, from: Place, isLast: boolean, onBatch: OnBatch): Promise<Place> {
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
export async function walkLog(files: Files, directory: string, from: Place, onBatch: OnBatch): Promise<Place> {
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
