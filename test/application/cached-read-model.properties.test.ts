import { expect } from 'chai'
import fc from 'fast-check'
import { cachedReadModel } from '../../src/application/cached-read-model.ts'
import type { Breaker, Cache } from '../../src/application/ports.ts'
import { createProjector } from '../../src/application/projector.ts'
import type { Projected, ReadModel, StockQuery } from '../../src/application/read-model.ts'
import { streamName } from '../../src/domain/streams.ts'
import { createKeyvCache } from '../../src/infrastructure/cache/keyv-cache.ts'
import { sha256 } from '../../src/infrastructure/digest.ts'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { openReadModel, type OpenReadModel } from '../../src/infrastructure/read-model/read-model.ts'
import { Bench, History, silent } from '../infrastructure/read-model/fixture.ts'

const SKUS = ['MUG', 'TEA'] as const
const LOCATIONS = ['LIS', 'OPO'] as const
const ALL: StockQuery = { first: 10, orderBy: 'SKU', direction: 'ASC' }
const passing: Breaker = { name: 'read model', run: (call) => call(), runNow: (call) => call(), state: () => 'CLOSED', failures: () => 0 }

const sku = fc.constantFrom(...SKUS)
const location = fc.constantFrom(...LOCATIONS)
const change = fc.oneof(
  fc.record({ sku, location, sell: fc.constant(true) }),
  fc.record({ sku, rename: fc.constantFrom('blue', 'green') }),
)
const query = fc.oneof(
  fc.record({ ask: fc.constantFrom('stockLevels', 'totals', 'products', 'stockPage'), skus: fc.uniqueArray(sku, { minLength: 1 }) }),
  fc.record({ ask: fc.constant('everything'), skus: fc.constant([]) }),
  fc.record({ ask: fc.constantFrom('search', 'productSearch'), skus: fc.constant([]) }),
)

/** The whole of what the queries look at, right after each position. */
interface Truth { readonly onHand: Readonly<Record<string, number>>; readonly names: Readonly<Record<string, string>> }

const level = (sku: string, location: string): string => `${sku}@${location}`
const KEYS = SKUS.flatMap((sku) => LOCATIONS.map((location) => ({ sku, location })))

/** What a query shows, and the same from the truth. */
async function shown(model: ReadModel, { ask, skus }: { ask: string; skus: readonly string[] }) {
  const keys = KEYS.filter((key) => skus.includes(key.sku))
  const levels = (rows: readonly ({ onHand: number } | undefined)[]) => rows.map((row) => row?.onHand)
  switch (ask) {
    case 'stockLevels': {
      const { value, position } = await model.stockLevels(keys)
      return { position, shows: levels(value), truth: (now: Truth) => keys.map((key) => now.onHand[level(key.sku, key.location)]) }
    }
    case 'totals': {
      const { value, position } = await model.totals(skus)
      return { position, shows: levels(value), truth: (now: Truth) => skus.map((sku) => sumOf(now, sku)) }
    }
    case 'products': {
      const { value, position } = await model.products(skus)
      return { position, shows: value.map((row) => row?.name), truth: (now: Truth) => skus.map((sku) => now.names[sku]) }
    }
    case 'search': {
      const { items, position } = await model.stockPage({ ...ALL, search: 'blue' })
      return { position, shows: levels(items), truth: (now: Truth) => KEYS.filter((key) => now.names[key.sku] === 'blue').map((key) => now.onHand[level(key.sku, key.location)]) }
    }
    case 'productSearch': {
      const { items, position } = await model.productPage({ first: 10, search: 'blue' })
      return { position, shows: items.map((row) => row.sku), truth: (now: Truth) => SKUS.filter((sku) => now.names[sku] === 'blue') }
    }
    default: {
      const among = skus.length > 0 ? keys : KEYS
      const { items, position } = await model.stockPage({ ...ALL, ...(skus.length > 0 && { skus }) })
      return { position, shows: levels(items), truth: (now: Truth) => among.map((key) => now.onHand[level(key.sku, key.location)]) }
    }
  }
}

const sumOf = (now: Truth, sku: string): number => LOCATIONS.reduce((sum, location) => sum + (now.onHand[level(sku, location)] ?? 0), 0)

describe('the cached read model, read and written at the same time', () => {
  let bench: Bench
  let open: OpenReadModel
  const history = new History()
  let bus = createMemoryBus<Projected>(silent)
  const truths: Truth[] = []

  const project = (truth: Truth): void => {
    createProjector({ tables: open.tables, bus, logger: silent }).project(history.events)
    while (truths.length <= history.events.length) truths.push(truth)
  }

  before(() => {
    bench = new Bench()
    open = openReadModel({ file: bench.file, logId: 'log-1' })
    for (const sku of SKUS) history.product(sku, 'green')
    for (const location of LOCATIONS) history.location(location)
    for (const key of KEYS) history.stock(key.sku, key.location, 1_000)
    project({ onHand: Object.fromEntries(KEYS.map((key) => [level(key.sku, key.location), 1_000])), names: { MUG: 'green', TEA: 'green' } })
  })
  after(() => {
    open.close()
    bench.remove()
  })

  function write(event: { sku: string } & ({ location: string; sell: boolean } | { rename: string })): void {
    const { onHand, names } = truths.at(-1)!
    if ('rename' in event) {
      history.add(streamName.product(event.sku), { type: 'ProductUpdated', data: { name: event.rename } })
      project({ onHand, names: { ...names, [event.sku]: event.rename } })
    } else {
      history.add(streamName.stock(event.sku, event.location), { type: 'StockAdded', data: { quantity: 1, reason: 'DELIVERY' } })
      const key = level(event.sku, event.location)
      project({ onHand: { ...onHand, [key]: (onHand[key] ?? 0) + 1 }, names })
    }
  }

  it('never shows less than the last answered write, and always what its position says', () => fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(change, { maxLength: 8 }), fc.array(query, { minLength: 1, maxLength: 12 }), async (scheduler, changes, queries) => {
      const pause = (): Promise<void> => scheduler.schedule(Promise.resolve())
      const around = async <Value>(call: () => Promise<Value>): Promise<Value> => {
        await pause()
        const value = await call()
        await pause()
        return value
      }
      bus = createMemoryBus(silent)
      const real = createKeyvCache({ logger: silent })
      const cache: Cache = { get: (keys) => around(() => real.get(keys)), set: (key, value) => around(() => real.set(key, value)) }
      const slow = Object.fromEntries(Object.entries(open.readModel).map(([name, ask]: [string, (input: never) => Promise<unknown>]) =>
        [name, (input: never) => around(() => ask(input))])) as unknown as ReadModel
      const model = cachedReadModel({
        readModel: slow, cache, bus, clock: createManualClock(), digest: sha256, breaker: passing, ttlMs: 1_000, behindSince: () => undefined, logId: 'log-1', position: history.events.length,
      })
      const reading = queries.map(async (wanted) => {
        await pause()
        const answeredBefore = history.events.length
        const { position, shows, truth } = await shown(model, wanted)
        expect(position, JSON.stringify(wanted)).to.be.at.least(answeredBefore)
        expect(shows, `${JSON.stringify(wanted)} at ${position}`).to.deep.equal(truth(truths[position]!))
      })
      const writing = changes.map(async (event) => {
        await pause()
        write(event)
      })
      await settled(scheduler, [...reading, ...writing])
    }),
    { numRuns: 300 },
  ))
})

/** Lets one thing after another go on until all is done; what SQLite is asked comes back in between. */
async function settled(scheduler: fc.Scheduler, work: readonly Promise<unknown>[]): Promise<void> {
  const all = Promise.all(work)
  const done = all.then(() => true, () => true)
  while (!await Promise.race([done, new Promise<false>((resolve) => { setImmediate(resolve, false) })])) {
    if (scheduler.count() > 0) await scheduler.waitNext(1)
  }
  await all
}
