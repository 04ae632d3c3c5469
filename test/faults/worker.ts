/**
 * A process with the application on a store, and clients that use it. It writes a line of JSON for all that they ask
 * and hear, at once, so that whoever reads them knows it also where the process is killed.
 */
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { compose } from '../../src/compose.ts'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import type { Inventory } from '../../src/application/inventory.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { silent } from '../application/test-inventory.ts'
import { killingFiles, type Point } from './killing-files.ts'
import type { Operation, OperationAnswer } from './operations.ts'
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

const PLACE = { sku: 'MUG', location: 'LIS' } as const
const caller = { correlationId: 'faults' }
const now = (): number => Number(process.hrtime.bigint())

/** Has left the process when it returns, however slowly it is read. */
function say(line: object): void {
  for (let bytes = Buffer.from(`${JSON.stringify(line)}\n`); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

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

type Told = Omit<OperationAnswer, 'end'>

async function ask(inventory: Inventory, operation: Operation): Promise<Told> {
  try {
    return await done(inventory, operation)
  } catch (error) {
    const refusal = error instanceof DomainErrors ? error.errors[0] : error
    if (refusal instanceof DomainError) return { isRefused: true, version: Number(refusal.details.version) }
    throw error
  }
}

async function done({ queries, commands }: Inventory, { id, kind, quantity }: Operation): Promise<Told> {
  const command = { ...PLACE, quantity, idempotencyKey: id }
  switch (kind) {
    case 'read': return told((await queries.stockLevels([PLACE])).value[0])
    case 'add': return told((await commands.addStock({ ...command, reason: 'FOUND' }, caller)).result)
    case 'remove': return told((await commands.removeStock({ ...command, reason: 'SOLD' }, caller)).result)
    case 'reserve':
      await commands.reserveStock({ lines: [{ ...PLACE, quantity }], strategy: 'FEWEST_LOCATIONS', dryRun: false, idempotencyKey: id }, caller)
      return { isRefused: false }
  }
}

const told = ({ version, onHand, reserved }: { version: number; onHand: number; reserved: number } = { version: 0, onHand: 0, reserved: 0 }): Told =>
  ({ isRefused: false, version, shown: { onHand, reserved } })

async function run(inventory: Inventory, operation: Operation): Promise<void> {
  say({ asked: operation })
  const answer = await insist(() => ask(inventory, operation))
  say({ answered: operation.id, answer: { ...answer, end: now() } })
}

async function prepare({ commands }: Inventory): Promise<void> {
  const there = (error: unknown): void => { if (!(error instanceof DomainError)) throw error }
  await insist(() => commands.registerProduct({ sku: PLACE.sku, name: 'Mug', barcode: null, unit: 'EACH', attributes: {} }, caller)).catch(there)
  await insist(() => commands.openLocation({ code: PLACE.location, name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)).catch(there)
}

async function work({ directory, seed, clients, operations, unanswered, point, times = 1, segmentBytesMax }: WorkerOptions): Promise<void> {
  const files = killingFiles(point, times)
  const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, files, segmentBytesMax })
  const { inventory } = composition
  await prepare(inventory)
  const client = async (name: number): Promise<void> => {
    const random = new Random(seed * 1_000 + name)
    for (let n = 0; n < operations; n++) {
      const kind = random.pick(['add', 'remove', 'reserve', 'read'] as const)
      const quantity = kind === 'read' ? 0 : 1 + random.below(4)
      await run(inventory, { id: `${seed}-${name}-${n}`, kind, quantity, begin: now() })
    }
  }
  await Promise.all([...unanswered.map((operation) => run(inventory, operation)), ...Array.from({ length: clients }, (_, name) => client(name))])
  await composition.close()
}

await work(JSON.parse(process.argv[2] ?? '{}') as WorkerOptions)
