import type { RecordedEvent } from '../../application/ports.ts'
import { upcast } from '../../domain/upcasting.ts'
import { DamagedLog } from './errors.ts'
import type { Files, LogFile } from './files.ts'
import type { Row } from './index.ts'
import { decodeLine } from './record.ts'
import { segmentPath } from './segment.ts'

const READ_BYTES = 256 * 1024

/** Reads committed events, each checked by its CRC and brought to today's shape. */
export class LogReader {
  private readonly open = new Map<number, Promise<LogFile>>()

  constructor(private readonly files: Files, private readonly directory: string) {}

  /** The events of the rows, in their order. Rows that stand close together are read at once. */
  async events(rows: readonly Row[]): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = []
    for (let start = 0; start < rows.length; ) {
      const run = closeTogether(rows, start)
      const [first, last] = [run[0], run.at(-1)]
      if (!first || !last) break
      const bytes = await this.bytes(first, last.offset + last.bytes - first.offset)
      for (const row of run) {
        const from = row.offset - first.offset
        events.push(this.event(bytes.subarray(from, from + row.bytes - 1), row))
      }
      start += run.length
    }
    return events
  }

  /** The events from the row on as far as one read goes within its segment, but none after `last`. */
  async from(row: Row, last: number): Promise<RecordedEvent[]> {
    const bytes = await this.bytes(row, Math.max(row.bytes, READ_BYTES))
    const events: RecordedEvent[] = []
    let start = 0
    for (let feed = bytes.indexOf('\n'); feed >= 0; feed = bytes.indexOf('\n', start)) {
      const line = decodeLine(bytes.subarray(start, feed))
      if (line?.kind !== 'commit') {
        const position = row.position + events.length
        events.push(this.event(bytes.subarray(start, feed), { ...row, position, offset: row.offset + start }))
        if (position === last) break
      }
      start = feed + 1
    }
    if (events.length === 0) throw this.damaged(row)
    return events
  }

  async close(): Promise<void> {
    const files = await Promise.allSettled(this.open.values())
    for (const file of files) if (file.status === 'fulfilled') await file.value.close()
  }

  private event(bytes: Buffer, row: Row): RecordedEvent {
    const line = decodeLine(bytes)
    if (line?.kind !== 'event' || line.event.position !== row.position) throw this.damaged(row)
    return upcast(line.event)
  }

  private damaged({ segment, offset, position }: Row): DamagedLog {
    return new DamagedLog(segmentPath(this.directory, segment), offset, `event ${position} does not stand there`)
  }

  private async bytes({ segment, offset }: Row, length: number): Promise<Buffer> {
    let file = this.open.get(segment)
    if (!file) {
      file = this.files.open(segmentPath(this.directory, segment), 'read')
      this.open.set(segment, file)
      file.catch(() => this.open.delete(segment))
    }
    return await (await file).read(offset, length)
  }
}

/** The rows from `start` on that one read can fetch: of one segment, in order, not far apart. */
function closeTogether(rows: readonly Row[], start: number): readonly Row[] {
  const first = rows[start]
  if (!first) return []
  const fits = (row: Row): boolean =>
    row.segment === first.segment && row.offset > first.offset && row.offset + row.bytes - first.offset <= READ_BYTES
  const end = rows.findIndex((row, n) => n > start && !fits(row))
  return rows.slice(start, end < 0 ? rows.length : end)
}
