import { expect } from 'chai'
import { cachedReadModel } from '../../../src/application/cached-read-model.ts'
import type { Breaker, EventBus } from '../../../src/application/ports.ts'
import { createProjector, type Projector } from '../../../src/application/projector.ts'
import type { Projected, ReadModel } from '../../../src/application/read-model.ts'
import { createKeyvCache } from '../../../src/infrastructure/cache/keyv-cache.ts'
import { sha256 } from '../../../src/infrastructure/digest.ts'
import { createMemoryBus } from '../../../src/infrastructure/memory/event-bus.ts'
import { createManualClock } from '../../../src/infrastructure/memory/manual-clock.ts'
import { openSharedReadModel, type SharedReadModel } from '../../../src/infrastructure/read-model/read-only.ts'
import { type PlainProjected, plainProjected, projectedOf } from '../../../src/infrastructure/workers/plain-projected.ts'
import { Bench, History, silent } from './fixture.ts'

const MUG = { sku: 'MUG', location: 'LIS' } as const
const passing: Breaker = { name: 'read model', run: (call) => call(), runNow: (call) => call(), state: () => 'CLOSED', failures: () => 0 }

describe('a read model that another process keeps, behind a cache that is told late', () => {
  let bench: Bench
  let shared: SharedReadModel
  let history: History
  let projector: Projector
  /** What was not told yet, as it goes from process to process. */
  let untold: string[]
  let bus: EventBus<Projected>
  let cached: ReadModel

  beforeEach(() => {
    bench = new Bench()
    untold = []
    projector = createProjector({ tables: bench.open.tables, bus: { publish: (projected) => { untold.push(JSON.stringify(plainProjected(projected))) } }, logger: silent })
    history = new History().product('MUG', 'Blue mug').location('LIS').stock('MUG', 'LIS', 5)
    projector.project(history.events)
    shared = openSharedReadModel(bench.file)
    bus = createMemoryBus(silent)
    cached = cachedReadModel({
      readModel: shared.readModel, cache: createKeyvCache({ logger: silent }), bus, clock: createManualClock(), digest: sha256, breaker: passing, ttlMs: 30_000,
      behindSince: () => undefined, logId: 'log-1', position: shared.checkpoint(), projected: shared.checkpoint,
    })
  })
  afterEach(() => {
    shared.close()
    bench.remove()
  })

  const added = (): void => { projector.project(history.stock('MUG', 'LIS', 1).events) }
  const tellOne = (): void => { bus.publish(projectedOf(JSON.parse(untold.shift() ?? '') as PlainProjected)) }
  const onHand = async () => (await cached.stockLevels([MUG])).value[0]?.onHand
  const atHand = () => cached.atHand?.stockLevel(MUG)?.value?.onHand
  const total = async () => (await cached.totals(['MUG'])).value[0]?.onHand

  it('shows what was projected a moment ago, told of or not', async () => {
    untold = []
    for (let n = 1; n <= 5; n += 1) {
      expect([await onHand(), atHand(), await total()]).to.deep.equal([4 + n, 4 + n, 4 + n])
      added()
      expect([atHand(), await onHand(), await total()], `after ${n}`).to.deep.equal([5 + n, 5 + n, 5 + n])
    }
  })

  it('goes back to nothing older, whenever it is told of what it has shown already', async () => {
    untold = []
    for (let n = 0; n < 4; n += 1) added()
    for (let left = untold.length; left > 0; left -= 1) {
      expect([await onHand(), atHand(), await total()]).to.deep.equal([9, 9, 9])
      tellOne()
    }
    expect([await onHand(), atHand(), await total()]).to.deep.equal([9, 9, 9])
  })

  it('is told of changes as they were', () => {
    const heard: Projected[] = []
    bus.subscribe((projected) => { heard.push(projected) })
    untold = []
    added()
    tellOne()
    const [{ events, changes }] = heard as [Projected]
    expect(events).to.deep.equal(history.events.slice(-1))
    expect(changes.map(({ event }) => event === events[0])).to.deep.equal(changes.map(() => true))
    expect(changes.find(({ projection }) => projection === 'stock_levels')).to.deep.include({ key: 'stock:MUG@LIS' })
  })
})
