import { UsageError } from '../errors.ts'
import { PRESETS, type Preset } from './presets.ts'

export const FIELDS = ['sku', 'location', 'delta', 'name', 'reference', 'occurredAt', 'reason'] as const
export type Field = (typeof FIELDS)[number]

const REQUIRED: readonly Field[] = ['sku', 'location', 'delta']

/** The columns that fields come from; a delta's column may stand with a minus before it. */
export type Mapping = Readonly<Partial<Record<Field, string>>>

/** Where in a row each field stands. */
export interface Layout {
  readonly at: Readonly<Partial<Record<Field, number>>>
  /** The column counts what goes out. */
  readonly isNegated: boolean
}

/** FIELD=COLUMN, over what the preset says. */
export function readMapping(pairs: readonly string[], preset: Preset | undefined): Mapping {
  const given = pairs.map((pair) => {
    const split = pair.indexOf('=')
    const field = FIELDS.find((known) => known === pair.slice(0, split))
    const column = pair.slice(split + 1)
    if (field && column !== '') return [field, column] as const
    throw new UsageError(`--map ${pair} is no mapping: write FIELD=COLUMN, with FIELD one of ${FIELDS.join(', ')}; for example --map sku=StockCode.`)
  })
  return { ...preset?.map, ...Object.fromEntries(given) }
}

export function readPreset(name: string | undefined): Preset | undefined {
  if (name === undefined) return undefined
  const preset = PRESETS.get(name)
  if (preset) return preset
  throw new UsageError(`There is no preset ${name}: there is ${[...PRESETS.keys()].join(', ')}.`)
}

/** Finds the fields among the columns. A field that nobody mapped is looked for under its own name. */
export function layOut(columns: readonly string[], mapping: Mapping, file: string): Layout {
  const isNegated = mapping.delta?.startsWith('-') === true && !columns.includes(mapping.delta)
  const places = FIELDS.map((field) => {
    const named = mapping[field]
    const column = field === 'delta' && isNegated ? named?.slice(1) : named
    const at = columns.indexOf(column ?? field)
    if (at < 0 && column !== undefined) throw unknownColumn(file, `${column} for ${field}`, columns, field)
    if (at < 0 && REQUIRED.includes(field)) throw unknownColumn(file, `for ${field}`, columns, field)
    return [field, at] as const
  })
  return { at: Object.fromEntries(places.filter(([, at]) => at >= 0)), isNegated }
}

const unknownColumn = (file: string, wanted: string, columns: readonly string[], field: Field): UsageError =>
  new UsageError(`${file} has no column ${wanted}. Its columns are ${columns.join(', ')}: name one with --map ${field}=COLUMN.`)
