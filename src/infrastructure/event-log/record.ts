import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { RecordedEvent } from '../../application/ports.ts'

/**
 * The lines of the log. This is a file format: every line is JSON that ends with the CRC of the bytes before it.
 */
export const FORMAT = 1
/** What the first batch of a log has as the hash of the batch before it. */
export const NO_HASH = '0'.repeat(64)

/** The first line of a segment. */
export interface Header {
  readonly log: string
  readonly format: number
  /** The position of the segment's first event. */
  readonly first: number
  readonly previous: string
}

/** The last line of a batch: without it the batch's events do not exist. */
export interface Commit {
  readonly position: number
  readonly events: number
  readonly sha256: string
  readonly previous: string
}

export type Line =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'event'; readonly event: RecordedEvent }

const SEAL_BYTES = ',"crc":"00000000"}'.length
const SEAL = /^,"crc":"([0-9a-f]{8})"\}$/

const checksum = (bytes: Buffer | string): string => crc32(bytes).toString(16).padStart(8, '0')

function seal(content: object): Buffer {
  const open = JSON.stringify(content).slice(0, -1)
  return Buffer.from(`${open},"crc":"${checksum(open)}"}\n`)
}

export const encodeHeader = (header: Header): Buffer => seal(header)
export const encodeCommit = (commit: Commit): Buffer => seal({ commit })

export function encodeEvent(event: RecordedEvent): Buffer {
  const { position, stream, version, id, type, schema, data, metadata } = event
  const occurredAt = new Date(event.occurredAt).toISOString()
  const recordedAt = new Date(event.recordedAt).toISOString()
  return seal({ position, stream, version, id, type, schema, occurredAt, recordedAt, data, metadata })
}

interface StoredEvent extends Omit<RecordedEvent, 'occurredAt' | 'recordedAt'> {
  readonly occurredAt: string
  readonly recordedAt: string
}

function parse(text: string): Line | undefined {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof content !== 'object' || content === null) return undefined
  if ('commit' in content) return { kind: 'commit', commit: content.commit as Commit }
  if ('log' in content) return { kind: 'header', header: content as Header }
  const { position, stream, version, id, type, schema, occurredAt, recordedAt, data, metadata } = content as StoredEvent
  const times = { occurredAt: Date.parse(occurredAt), recordedAt: Date.parse(recordedAt) }
  return { kind: 'event', event: { position, stream, version, id, type, schema, ...times, data, metadata } as RecordedEvent }
}

/** A line without its line feed; undefined where it is not whole. */
export function decodeLine(bytes: Buffer): Line | undefined {
  const end = bytes.length - SEAL_BYTES
  if (end <= 0) return undefined
  const crc = SEAL.exec(bytes.toString('latin1', end))?.[1]
  if (crc !== checksum(bytes.subarray(0, end))) return undefined
  return parse(bytes.toString('utf8'))
}

/** The chain: a batch's hash covers its event lines, line feeds included, and all batches before it. */
export function chainHash(previous: string, lines: readonly Buffer[]): string {
  const hash = createHash('sha256').update(previous)
  for (const line of lines) hash.update(line)
  return hash.digest('hex')
}
