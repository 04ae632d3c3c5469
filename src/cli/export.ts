import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Readable, type Writable } from 'node:stream'
import { Argument, Command, Option } from 'commander'
import type { RecordedEvent } from '../application/ports.ts'
import { stockLevels } from '../application/projections/index.ts'
import type { StockLevelView } from '../application/views.ts'
import type { Composition } from '../compose.ts'
import { available, availableToPromise } from '../domain/stock-level.ts'
import { subjectOf } from '../domain/streams.ts'
import { type Cell, csvLine } from './csv.ts'
import { openStore, requireStore, storeOption } from './store.ts'

type Row = Readonly<Record<string, unknown>>
interface ExportOptions { readonly format: 'csv' | 'jsonl'; readonly output?: string; readonly store: string }

/** Rows that are in memory at the same time. */
const PAGE_ROWS = 5_000

export const exportCommand = (): Command => new Command('export')
  .description('write stock levels or events as CSV or JSON lines')
  .addArgument(new Argument('<what>').choices(['stock', 'events']))
  .addOption(new Option('--format <format>', 'of the rows').choices(['csv', 'jsonl']).default('csv'))
  .option('--output <file>', 'instead of standard output')
  .addOption(storeOption())
  .action(exportRows)

async function exportRows(what: 'stock' | 'events', { format, output, store }: ExportOptions): Promise<void> {
  requireStore(store)
  const composition = await openStore(store)
  try {
    const pages = what === 'stock' ? stockPages(composition) : eventPages(composition)
    await pipeline(Readable.from(format === 'csv' ? csvOf(pages) : jsonLinesOf(pages)), destination(output))
  } catch (error) {
    // Whoever reads has seen enough, as with `| head`.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  } finally {
    await composition.close()
  }
}

const destination = (output: string | undefined): Writable => (output === undefined ? process.stdout : createWriteStream(output))

async function* csvOf(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  let isFirst = true
  for await (const rows of pages) {
    const [first] = rows
    if (isFirst && first) yield csvLine(Object.keys(first))
    isFirst = false
    yield rows.map((row) => csvLine(Object.values(row).map(asCell))).join('')
  }
}

const asCell = (value: unknown): Cell => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value as Cell)

async function* jsonLinesOf(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

async function* stockPages({ inventory }: Composition): AsyncGenerator<readonly Row[]> {
  let after: string | undefined
  do {
    const page = await inventory.queries.stockPage({ first: PAGE_ROWS, ...(after !== undefined && { after }), orderBy: 'SKU', direction: 'ASC' })
    yield page.items.map(stockRow)
    after = page.hasNextPage ? page.cursors.at(-1) : undefined
  } while (after !== undefined)
}

async function* eventPages({ store }: Composition): AsyncGenerator<readonly Row[]> {
  for await (const events of store.read(0)) yield events.map(eventRow)
}

const moment = (time: number): string => new Date(time).toISOString()

function stockRow(level: StockLevelView): Row {
  const { sku, location, onHand, reserved, unavailable, incoming, safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative, version } = level
  const state = stockLevels.stateOf(level)
  return {
    sku, location, onHand, reserved, unavailable,
    available: available(state),
    incoming, safetyStock,
    availableToPromise: availableToPromise(state),
    reorderPoint, reorderQuantity, backorderLimit, allowNegative, version,
    updatedAt: moment(level.updatedAt),
  }
}

function eventRow({ position, type, stream, version, id, occurredAt, recordedAt, data, metadata }: RecordedEvent): Row {
  const { sku = null, location = null } = subjectOf(stream)
  const { actor = null, reference = null, note = null, correlationId, causationId = null } = metadata
  return {
    position, type, stream, version, id, occurredAt: moment(occurredAt), recordedAt: moment(recordedAt),
    sku, location, data, actor, reference, note, correlationId, causationId,
  }
}
