/**
 * A process with the application on a store, and clients that use it. It writes a line of JSON for all that they ask
 * and hear, at once, so that whoever reads them knows it also where the process is killed.
 */
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { compose } from '../../src/compose.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { Inventory } from '../../src/application/inventory.ts'
import { Unavailable } from '../../src/application/ports.ts'
import type { StockLevelView } from '../../src/application/views.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { silent } from '../application/test-inventory.ts'
import { killingFiles, type Point } from './killing-files.ts'
import type { Operation } from './operations.ts'
import { Random } from './random.ts'

export interface WorkerOptions {
  readonly directory: string
  readonly seed: number
  readonly clients: number
  /** Each client's. */
  readonly operations: number
  readonly segmentBytesMax: number
  /** What was asked of a process before, and not answered. */
  readonly unanswered: readonly Operation[]
  readonly point?: Point
  readonly times?: number
}

const SKU = 'MUG'
const LOCATION = 'LIS'
const caller = { correlationId: 'faults' }
const now = (): number => Number(process.hrtime.bigint())
const say = (line: object): void => { writeSync(1, `${JSON.stringify(line)}\n`) }

/** As a client does it: the same again until there is an answer. */
async function insist<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      await wait(10)
    }
  }
}

/** Undefined for a refusal, whose version is in the details. */
async function ask({ queries, commands }: Inventory, { id, kind, quantity }: Operation): Promise<StockLevelView | DomainError | undefined> {
  const at = { sku: SKU, location: LOCATION }
  if (kind === 'read') return (await queries.stockLevels([at])).value[0]
  const command = { ...at, quantity, idempotencyKey: id }
  try {
    const { result } = await (kind === 'add' ? commands.addStock({ ...command, reason: 'FOUND' }, caller) : commands.removeStock({ ...command, reason: 'SOLD' }, caller))
    return result
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

async function run(inventory: Inventory, operation: Operation): Promise<void> {
  say({ asked: operation })
  const found = await insist(() => ask(inventory, operation))
  if (found instanceof DomainError) say({ answered: operation.id, answer: { end: now(), version: found.details.version } })
  else say({ answered: operation.id, answer: { end: now(), version: found?.version ?? 0, onHand: found?.onHand ?? 0 } })
}

async function prepare({ commands }: Inventory): Promise<void> {
  const there = (error: unknown): void => { if (!(error instanceof DomainError)) throw error }
  await insist(() => commands.registerProduct({ sku: SKU, name: 'Mug', barcode: null, unit: 'EACH', attributes: {} }, caller)).catch(there)
  await insist(() => commands.openLocation({ code: LOCATION, name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)).catch(there)
}

async function work({ directory, seed, clients, operations, unanswered, point, times = 1, segmentBytesMax }: WorkerOptions): Promise<void> {
  const files = killingFiles(point, times)
  const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, files, segmentBytesMax })
  const { inventory } = composition
  await prepare(inventory)
  const client = async (name: number): Promise<void> => {
    const random = new Random(seed * 1_000 + name)
    for (let n = 0; n < operations; n++) {
      const kind = random.pick(['add', 'remove', 'read'] as const)
      const quantity = kind === 'read' ? 0 : 1 + random.below(4)
      await run(inventory, { id: `${seed}-${name}-${n}`, kind, quantity, begin: now() })
    }
  }
  await Promise.all([...unanswered.map((operation) => run(inventory, operation)), ...Array.from({ length: clients }, (_, name) => client(name))])
  await composition.close()
}

await work(JSON.parse(process.argv[2] ?? '{}') as WorkerOptions)
