import { type Parser, parse } from 'csv-parse'
import { on } from 'node:events'
import type { Movement } from '../../application/commands/types.ts'
import { displayName } from '../../domain/text.ts'
import { openText } from '../csv.ts'
import { CommandFailed, UsageError } from '../errors.ts'
import { layOut, type Layout, type Mapping } from './mapping.ts'
import type { Cell, Preset, Rejection } from './presets.ts'

/** A row of a file, as it stands there and as what it means: a movement, or why it is none. */
export type ImportRow = { readonly number: number; readonly values: readonly string[] } & (
  | { readonly movement: Movement; readonly name: string | undefined }
  | { readonly rejection: Rejection }
)

export type MovementRow = Extract<ImportRow, { movement: unknown }>

export const isMovement = (row: ImportRow): row is MovementRow => 'movement' in row

export interface Chunk {
  /** 1, 2, 3, … in the file. */
  readonly number: number
  readonly rows: readonly ImportRow[]
}

/**
 * Rows that go into the store as one command: many, as each command costs every page of an index that it touches once.
 * Changing it changes the keys of all imports: see keys.ts.
 */
export const CHUNK_ROWS = 5_000
/** More than any honest row: a quote that is never closed stops here, and not at the end of memory. */
const ROW_CHARACTERS_MAX = 1_000_000

export interface Source {
  readonly file: string
  readonly mapping: Mapping
  readonly preset: Preset | undefined
  readonly onBytes: (bytes: number) => void
  readonly onColumns: (columns: readonly string[]) => void
}

/** The file's rows in chunks, read as they are asked for. */
export async function* readChunks(source: Source): AsyncGenerator<Chunk> {
  const { file, onBytes } = source
  const text = await openText(file, onBytes)
  const parser = parse({ bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, max_record_size: ROW_CHARACTERS_MAX })
  text.on('error', (error) => parser.destroy(error))
  text.pipe(parser)
  try {
    yield* chunked(recordsOf(parser), source)
  } catch (error) {
    if (error instanceof CommandFailed || error instanceof UsageError) throw error
    throw new CommandFailed(`${file} can't be read as CSV: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    text.destroy()
  }
}

/** All that is there at a time: a promise for each record would take longer than to read it. */
async function* recordsOf(parser: Parser): AsyncGenerator<readonly string[][]> {
  const readable = on(parser, 'readable', { close: ['end'] })
  while (!(await readable.next()).done) {
    const records: string[][] = []
    for (let record = parser.read() as string[] | null; record; record = parser.read() as string[] | null) records.push(record)
    yield records
  }
}

async function* chunked(together: AsyncIterable<readonly string[][]>, source: Source): AsyncGenerator<Chunk> {
  let reader: RowReader | undefined
  let rows: ImportRow[] = []
  let count = 0
  for await (const records of together) {
    for (const values of records) {
      if (!reader) {
        reader = rowReader(values.map((column) => column.trim()), source)
        continue
      }
      rows.push({ number: ++count, values, ...reader(values) })
      if (rows.length < CHUNK_ROWS) continue
      yield { number: count / CHUNK_ROWS, rows }
      rows = []
    }
  }
  if (!reader) throw new UsageError(`${source.file} is empty: its first line must name the columns.`)
  if (rows.length > 0) yield { number: Math.ceil(count / CHUNK_ROWS), rows }
}

type Read = { readonly movement: Movement; readonly name: string | undefined } | { readonly rejection: Rejection }
type RowReader = (values: readonly string[]) => Read

function rowReader(columns: readonly string[], { file, mapping, preset, onColumns }: Source): RowReader {
  onColumns(columns)
  const layout = layOut(columns, mapping, file)
  for (const column of preset?.columns ?? []) {
    if (!columns.includes(column)) throw new UsageError(`${file} has no column ${column}, which the preset needs. Its columns are ${columns.join(', ')}.`)
  }
  const places = new Map(columns.map((column, index) => [column, index]))
  return (values) => {
    if (values.length !== columns.length) return rejected('wrong number of columns', `has ${values.length} columns where the first line has ${columns.length}`)
    const cell: Cell = (column) => values[places.get(column) ?? -1]?.trim() ?? ''
    const rejection = preset?.reject.find(({ when }) => when(cell))
    return rejection ? { rejection } : readRow(values, layout, preset && { preset, cell })
  }
}

const rejected = (cause: string, reason: string): { readonly rejection: Rejection } => ({ rejection: { cause, reason } })

function readRow(values: readonly string[], { at, isNegated }: Layout, known: { preset: Preset; cell: Cell } | undefined): Read {
  const text = (index: number | undefined): string | undefined => {
    const value = index === undefined ? '' : values[index]?.trim() ?? ''
    return value === '' ? undefined : value
  }
  const sku = text(at.sku)
  const location = text(at.location)
  const quantity = text(at.delta)
  if (sku === undefined) return rejected('no sku', 'sku is empty')
  if (location === undefined) return rejected('no location', 'location is empty')
  const delta = quantity !== undefined && /^[+-]?\d+$/.test(quantity) ? Number(quantity) : NaN
  if (!Number.isSafeInteger(delta)) return rejected('bad delta', `delta must be a whole number within ±9007199254740991, not «${quantity ?? ''}»`)
  if (delta === 0) return rejected('delta is zero', 'delta is 0: nothing moves')
  const moment = text(at.occurredAt)
  const occurredAt = moment === undefined ? undefined : readMoment(moment)
  if (Number.isNaN(occurredAt)) return rejected('bad occurredAt', `occurredAt must be like 2026-01-31T12:00:00Z or 2026-01-31 12:00:00, which is taken as UTC, not «${moment ?? ''}»`)
  const name = !known || known.preset.isNamed(known.cell) ? usableName(text(at.name)) : undefined
  const reason = text(at.reason) ?? known?.preset.reasons.find(({ when }) => when(known.cell))?.reason
  return { movement: { sku, location, delta: isNegated ? -delta : delta, reason, reference: text(at.reference), occurredAt }, name }
}

/** A name that no product can have is as good as none: the goods are there all the same. */
function usableName(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : displayName(text)
  } catch {
    return undefined
  }
}

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/

/** Milliseconds since 1970; NaN where it is no moment, such as the 30th of February. */
function readMoment(text: string): number {
  const [, day, time = '00:00', zone = 'Z'] = MOMENT.exec(text) ?? []
  if (day === undefined || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(8))) return NaN
  return Date.parse(`${day}T${time}${zone}`)
}
