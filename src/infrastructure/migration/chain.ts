import type { RecordedEvent } from '../../application/ports.ts'
import { chainHash, decodeLine, NO_HASH } from '../event-log/record.ts'

/** A batch as it stands in a log, whichever kind of store holds it: its lines with their line feeds. */
export interface ChainedBatch {
  readonly lines: readonly Buffer[]
  /** Of its last event. */
  readonly position: number
  readonly sha256: string
  readonly previous: string
}

export interface ChainEnd { readonly position: number; readonly sha256: string }

export interface LogSource {
  readonly id: string
  readonly end: ChainEnd
  /** All batches, some at a time, from the one on that holds the event after the position. */
  batches(after: number): AsyncIterable<readonly ChainedBatch[]>
  close(): Promise<void>
}

/** Takes batches in log order. Nobody can open it as a store before it is finished; where it was broken off, it goes on. */
export interface LogTarget {
  readonly end: ChainEnd
  write(batches: readonly ChainedBatch[]): Promise<void>
  finish(): Promise<void>
  close(): Promise<void>
}

/** A log that can't be what was written, or two that are not the same. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain'
}

export const CHAIN_START: ChainEnd = { position: 0, sha256: NO_HASH }

/** The events of a batch that follows another, as they are stored. Throws BrokenChain where anything in it does not fit. */
export function checkedEvents(batch: ChainedBatch, before: ChainEnd): readonly RecordedEvent[] {
  const wrong = (reason: string) => new BrokenChain(`The log is damaged after event ${before.position}: ${reason}.`)
  if (batch.previous !== before.sha256) throw wrong('the batch does not follow the one before it')
  const events = batch.lines.map((line, n) => {
    const decoded = decodeLine(line.subarray(0, -1))
    if (decoded?.kind !== 'event' || decoded.position !== before.position + n + 1) throw wrong(`event ${before.position + n + 1} is missing or not whole`)
    return decoded.event
  })
  if (batch.position !== before.position + events.length) throw wrong(`the batch ends with event ${before.position + events.length}, not ${batch.position}`)
  if (chainHash(batch.previous, batch.lines) !== batch.sha256) throw wrong('the hash of the batch is another one')
  return events
}
