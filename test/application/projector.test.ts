import { expect } from 'chai'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { products, projections, stockLevels } from '../../src/application/projections/index.ts'
import { ProjectionGap } from '../../src/application/projector.ts'
import { streamName } from '../../src/domain/streams.ts'
import { Bench, History } from '../infrastructure/read-model/fixture.ts'

const history = (): History => new History()
  .product('A@1', 'Blue shirt').location('LIS').location('OPO', 'WAREHOUSE')
  .stock('A@1', 'LIS', 10, { safetyStock: 2, reorderPoint: 3 }).reserve('A@1', 'LIS', 4).stock('A@1', 'OPO', 7)
  .add(streamName.product('A@1'), { type: 'ProductUpdated', data: { name: 'Green shirt' } })
  .add(streamName.reservation('r'), { type: 'ReservationPlaced', data: { lines: [{ sku: 'A@1', location: 'LIS', quantity: 4 }], expiresAt: 1 } })
  .add(streamName.reservation('r'), { type: 'ReservationFulfilled', data: { lines: [{ sku: 'A@1', location: 'LIS', quantity: 4 }] } })
  .add(streamName.transfer('t'), { type: 'TransferDispatched', data: { from: 'LIS', to: 'OPO', lines: [{ sku: 'A@1', quantity: 2 }] } })
  .add(streamName.location('OPO'), { type: 'LocationClosed', data: {} })
  .add(streamName.stock('A@1', 'LIS'), { type: 'ReservedStockFulfilled', data: { reservationId: 'r', quantity: 3 } })
  .add(streamName.product('A@1'), { type: 'ProductDiscontinued', data: {} })

function folded(events: readonly RecordedEvent[]): Map<string, object> {
  const rows = new Map<string, object>()
  for (const event of events) {
    for (const projection of projections) {
      const key = projection.keyOf(event)
      if (key !== undefined) rows.set(`${projection.name} ${key}`, projection.evolve(rows.get(`${projection.name} ${key}`), event))
    }
  }
  return rows
}

function storeOf(events: readonly RecordedEvent[], size: number) {
  return {
    head: () => events.length,
    async *read(after: number) {
      await Promise.resolve()
      for (let i = after; i < events.length; i += size) yield events.slice(i, i + size)
    },
  }
}

describe('projector', () => {
  let bench: Bench
  beforeEach(() => { bench = new Bench() })
  afterEach(() => { bench.remove() })

  const expectFolded = (events: readonly RecordedEvent[]): void => {
    for (const [name, row] of folded(events)) {
      const [projection, key] = name.split(' ') as [string, string]
      expect(bench.open.tables.row(projection, key)).to.deep.equal(row)
    }
    expect(bench.open.tables.checkpoint()).to.equal(events.length)
  }

  it('keeps the rows that folding gives, in batches of any size', async () => {
    const { events } = history()
    for (const size of [1, 2, 5, 100]) {
      bench.reopen(`log of ${size}`)
      await bench.projector.catchUp(storeOf(events, size))
      expectFolded(events)
    }
  })

  it('returns each change, before and after, in the order of the events', () => {
    const { events } = history()
    const changes = bench.projector.project(events)
    expect(changes.map(change => change.event.position)).to.deep.equal([...events.keys()].map(index => index + 1))
    const ofProduct = changes.filter(change => change.projection === products.name)
    expect(ofProduct.map(({ before, after }) => [before && 'seen', (after as { name: string }).name]))
      .to.deep.equal([[undefined, 'Blue shirt'], ['seen', 'Green shirt'], ['seen', 'Green shirt']])
    expect(ofProduct[1]!.before).to.equal(ofProduct[0]!.after)
    expect(bench.open.tables.row(stockLevels.name, streamName.stock('A@1', 'LIS'))).to.deep.include({ onHand: 7, reserved: 1, safetyStock: 2, version: 4 })
  })

  it('changes nothing when the same events come again', () => {
    const { events } = history()
    bench.projector.project(events)
    expect(bench.projector.project(events)).to.deep.equal([])
    expect(bench.projector.project(events.slice(3, 6))).to.deep.equal([])
    expectFolded(events)
  })

  it('goes on from the checkpoint after it was stopped, also with events that it knows', async () => {
    const { events } = history()
    bench.projector.project(events.slice(0, 5))
    bench.reopen()
    expect(bench.open.tables.checkpoint()).to.equal(5)
    bench.projector.project(events.slice(3, 8))
    bench.reopen()
    await bench.projector.catchUp(storeOf(events, 2))
    expectFolded(events)
  })

  it('refuses a hole before and within the events, and keeps nothing of them', () => {
    const { events } = history()
    bench.projector.project(events.slice(0, 2))
    expect(() => bench.projector.project(events.slice(3))).to.throw(ProjectionGap)
    expect(() => bench.projector.project([events[2]!, events[4]!])).to.throw(ProjectionGap)
    expectFolded(events.slice(0, 2))
  })

  it('refuses a log that ends before the checkpoint, or that gives none of its events', async () => {
    const { events } = history()
    bench.projector.project(events)
    const failure = await bench.projector.catchUp(storeOf(events.slice(0, 3), 2)).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(ProjectionGap)
    const silent = await bench.projector.catchUp({ ...storeOf([], 1), head: () => 99 }).catch((error: unknown) => error)
    expect(silent).to.be.instanceOf(Error).with.property('message').that.includes('gives none')
  })

  it('refuses the history of something that never began', () => {
    const { events } = new History().add(streamName.product('A'), { type: 'ProductDiscontinued', data: {} })
    expect(() => bench.projector.project(events)).to.throw('never registered')
    const closed = new History().add(streamName.location('A'), { type: 'LocationClosed', data: {} })
    expect(() => bench.projector.project(closed.events)).to.throw('never opened')
    expect(bench.open.tables.checkpoint()).to.equal(0)
  })
})
