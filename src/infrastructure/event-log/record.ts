import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { NewEvent, RecordedEvent } from '../../application/ports.ts'
import { EVENT_SCHEMAS } from '../../domain/events.ts'

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
  /** Its content is read only where somebody wants it. */
  | { readonly kind: 'event'; readonly position: number; readonly event: RecordedEvent }

const SEAL_BYTES = ',"crc":"00000000"}'.length
const SEAL = /^,"crc":"([0-9a-f]{8})"\}$/

const checksum = (bytes: Buffer | string): string => crc32(bytes).toString(16).padStart(8, '0')

/** The content's JSON without its closing brace, with the seal. */
const sealed = (open: string): Buffer => Buffer.from(`${open},"crc":"${checksum(open)}"}\n`)

const seal = (content: object): Buffer => sealed(JSON.stringify(content).slice(0, -1))

export const encodeHeader = (header: Header): Buffer => seal(header)
export const encodeCommit = (commit: Commit): Buffer => seal({ commit })

/** An event's line without its place in the log: its position and its time of recording come before, between and after. */
export interface EventParts { readonly head: string; readonly tail: string }

/** Put together by hand, since it is done for every event: only what can hold anything goes through JSON.stringify. */
export function eventParts(stream: string, version: number, { id, type, occurredAt, data, metadata }: NewEvent, schema: number = EVENT_SCHEMAS[type]): EventParts {
  return {
    head: `"stream":${JSON.stringify(stream)},"version":${version},"id":${JSON.stringify(id)},"type":"${type}","schema":${schema},"occurredAt":"${occurred(occurredAt)}"`,
    tail: `"data":${JSON.stringify(data)},"metadata":${JSON.stringify(metadata)}`,
  }
}

export function encodeEvent(event: RecordedEvent): Buffer {
  const { position, stream, version, schema, recordedAt } = event
  const { head, tail } = eventParts(stream, version, event, schema)
  return sealed(`{"position":${position},${head},"recordedAt":"${recorded(recordedAt)}",${tail}`)
}

/** Neighbours in the log were mostly recorded, and often happened, at the same time: a text that was just written is not written out anew. */
function isoWriter(): (time: number) => string {
  let [lastTime, lastText] = [NaN, '']
  return (time) => {
    if (time !== lastTime) [lastTime, lastText] = [time, new Date(time).toISOString()]
    return lastText
  }
}

const occurred = isoWriter()
const recorded = isoWriter()

interface StoredEvent extends Omit<RecordedEvent, 'occurredAt' | 'recordedAt'> {
  readonly occurredAt: string
  readonly recordedAt: string
}

const EVENT = /^\{"position":(\d{1,16}),/
const EVENT_BYTES = '{"position":'.length + 17

/** An event as it is stored: not brought to today's shape. */
class EventLine {
  readonly kind = 'event'
  #event: RecordedEvent | undefined

  constructor(readonly position: number, private readonly bytes: Buffer) {}

  get event(): RecordedEvent {
    this.#event ??= this.#read()
    return this.#event
  }

  #read(): RecordedEvent {
    const { position, stream, version, id, type, schema, occurredAt, recordedAt, data, metadata } = JSON.parse(this.bytes.toString()) as StoredEvent
    const times = { occurredAt: Date.parse(occurredAt), recordedAt: Date.parse(recordedAt) }
    return { position, stream, version, id, type, schema, ...times, data, metadata } as RecordedEvent
  }
}

const EVENT_START = Buffer.from('{"position":')

/** What a line means to be, whether it is whole or not. */
export const isEventLine = (bytes: Buffer): boolean => bytes.subarray(0, EVENT_START.length).equals(EVENT_START)

/** A line without its line feed; undefined where it is not whole. */
export function decodeLine(bytes: Buffer): Line | undefined {
  const end = bytes.length - SEAL_BYTES
  if (end <= 0) return undefined
  const crc = SEAL.exec(bytes.toString('latin1', end))?.[1]
  if (crc !== checksum(bytes.subarray(0, end))) return undefined
  const position = EVENT.exec(bytes.toString('latin1', 0, EVENT_BYTES))?.[1]
  return position === undefined ? decodeFrame(bytes.toString()) : new EventLine(Number(position), bytes)
}

/** What is no event: a commit line or a header. */
function decodeFrame(text: string): Line | undefined {
  const content = JSON.parse(text) as Header | { readonly commit: Commit }
  if ('commit' in content) return { kind: 'commit', commit: content.commit }
  return 'log' in content ? { kind: 'header', header: content } : undefined
}

/** The chain: a batch's hash covers its event lines, line feeds included, and all batches before it. */
export function chainHash(previous: string, lines: readonly Buffer[]): string {
  const hash = createHash('sha256').update(previous)
  for (const line of lines) hash.update(line)
  return hash.digest('hex')
}
