import { setTimeout as wait } from 'node:timers/promises'
import type { Movement } from '../application/commands/types.ts'
import type { Inventory } from '../application/inventory.ts'
import { DomainError } from '../domain/errors.ts'
import { packageFile } from '../package-file.ts'
import { localTarget } from './import/local-target.ts'
import { readMapping, readPreset } from './import/mapping.ts'
import { createPreparation } from './import/preparation.ts'
import { type MovementRow, isMovement, readChunks } from './import/rows.ts'

/** On all that the demo records, and so the mark of a store that is the demo's own. */
export const DEMO = { correlationId: 'demo' }

const SAMPLE = packageFile('samples/online-retail-2010-12-01.csv.gz')
/** At opening there is this often what the day will sell, and a little; a delivery brings a day's worth. */
const OPENING_DAYS = 2
const OPENING_LEAST = 5
/** What sells this well in a day has a reorder point. */
const REORDERED_FROM = 24

/** The day's sales and returns, in their order. */
export async function readSales(): Promise<readonly MovementRow[]> {
  const preset = readPreset('online-retail')
  const sales: MovementRow[] = []
  const chunks = readChunks({ file: SAMPLE, mapping: readMapping([], preset), preset, onBytes: () => undefined, onColumns: () => undefined })
  for await (const { rows } of chunks) sales.push(...rows.filter(isMovement))
  return sales
}

/** Products, locations, opening stock and reorder points. Where it was broken off, it goes on. */
export async function fill(inventory: Inventory, sales: readonly MovementRow[]): Promise<void> {
  const target = localTarget({ inventory, close: () => Promise.resolve() })
  await createPreparation(target, { createMissing: true, allowNegative: false, dryRun: false }).prepare(sales, DEMO.correlationId)
  const levels = [...soldByLevel(sales).values()]
  await inventory.commands.applyMovements({
    movements: levels.map(({ sku, location, sold }) => ({ sku, location, delta: OPENING_DAYS * sold + OPENING_LEAST, reason: 'RECEIVED', reference: 'OPENING' })),
    errorPolicy: 'ALL_OR_NOTHING', dryRun: false, idempotencyKey: 'demo:opening',
  }, DEMO)
  const wanted = levels.filter(({ sold }) => sold >= REORDERED_FROM)
  await Promise.all(wanted.map(({ sku, location, sold }) =>
    inventory.commands.setStockPolicy({ sku, location, policy: { reorderPoint: sold, reorderQuantity: sold } }, DEMO)))
}

interface Sold { readonly sku: string; readonly location: string; readonly sold: number }

function soldByLevel(sales: readonly MovementRow[]): ReadonlyMap<string, Sold> {
  const levels = new Map<string, Sold>()
  for (const { movement: { sku, location, delta } } of sales) {
    const key = JSON.stringify([sku, location])
    levels.set(key, { sku, location, sold: (levels.get(key)?.sold ?? 0) + Math.max(0, -delta) })
  }
  return levels
}

/** The day again and again, until the signal. What is sold out is delivered first. */
export async function play(inventory: Inventory, sales: readonly MovementRow[], { rate, signal }: { readonly rate: number; readonly signal: AbortSignal }): Promise<void> {
  const levels = soldByLevel(sales)
  for (;;) {
    for (const { movement } of sales) {
      if (signal.aborted) return
      await sell(inventory, movement, levels.get(JSON.stringify([movement.sku, movement.location]))?.sold ?? 0)
      await wait(1_000 / rate, undefined, { signal }).catch(() => undefined)
    }
  }
}

async function sell(inventory: Inventory, { sku, location, delta, reason = 'OTHER', reference }: Movement, daily: number): Promise<void> {
  const { addStock, removeStock } = inventory.commands
  const moved = { sku, location, quantity: Math.abs(delta), reason, reference }
  if (delta > 0) return unlessRefused(addStock(moved, DEMO))
  try {
    await removeStock(moved, DEMO)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await unlessRefused(addStock({ sku, location, quantity: daily, reason: 'RECEIVED', reference: 'DELIVERY' }, DEMO))
    await unlessRefused(removeStock(moved, DEMO))
  }
}

/** Whoever looks at the demo may close a location or reserve all that there is: the play goes on. */
async function unlessRefused(command: Promise<unknown>): Promise<void> {
  try {
    await command
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}
