import { DamagedLog } from './errors.ts'
import type { LogFile } from './files.ts'
import { linesOf, type RawLine } from './lines.ts'
import { decodeLine } from './record.ts'
import type { Scan } from './scan.ts'

/** What a disk writes whole or not at all. What it had not come to reads as zeros, which no line of JSON holds. */
const SECTOR_BYTES = 512

/**
 * Every batch but the last was synced before the next was written. So only the last can be torn, and a torn write has
 * a look: it is cut short, or whole sectors are missing. What looks otherwise was whole once, somebody may have been
 * told so, and it must not be cut.
 */
export async function refuseDamage(file: LogFile, path: string, scan: Scan): Promise<void> {
  const { bad, end, size } = scan
  if (!bad) return
  const tail = new TornBatch(scan)
  for await (const lines of linesOf(file, end.offset, size)) {
    if (!lines.every((line) => tail.canHold(line))) throw new DamagedLog(path, bad.offset, bad.reason)
  }
}

/** One batch that the disk wrote in part, line by line. */
class TornBatch {
  private next: number
  private isAfterHole = false
  private hasHole = false

  constructor(private readonly scan: Scan) { this.next = scan.end.position + 1 }

  canHold(line: RawLine): boolean {
    if (isCutShort(line) || hasLostSector(line, this.scan.end.offset)) {
      this.hasHole = this.isAfterHole = true
      return true
    }
    const whole = line.ended ? decodeLine(line.bytes.subarray(0, -1)) : undefined
    switch (whole?.kind) {
      case undefined: case 'header': return false
      case 'event': return this.canGoOn(whole.position)
      case 'commit': return this.hasHole && whole.commit.previous === this.scan.end.hash && line.offset + line.bytes.length === this.scan.size
    }
  }

  /** Events that stood in a hole are missing in the count. */
  private canGoOn(position: number): boolean {
    const fits = position === this.next || (this.isAfterHole && position > this.next)
    this.isAfterHole = false
    this.next = position + 1
    return fits
  }
}

/** A line that lacks nothing but has another byte where its line feed was is damaged, not cut. */
const isCutShort = ({ bytes, ended }: RawLine): boolean => !ended && decodeLine(bytes.subarray(0, -1)) === undefined

/** The part of the first sector that stood there before the batch was durable. */
function hasLostSector({ offset, bytes }: RawLine, batchStart: number): boolean {
  const stop = offset + bytes.length
  for (let start = offset === batchStart ? offset : sectorEnd(offset - 1); start < stop; start = sectorEnd(start)) {
    if (bytes.subarray(start - offset, sectorEnd(start) - offset).every((byte) => byte === 0)) return true
  }
  return false
}

const sectorEnd = (offset: number): number => (Math.floor(offset / SECTOR_BYTES) + 1) * SECTOR_BYTES
