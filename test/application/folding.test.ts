import { expect } from 'chai'
import { Bench, History, silent } from '../infrastructure/read-model/fixture.ts'
import { Folding } from '../../src/application/folding.ts'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { createProjector } from '../../src/application/projector.ts'
import type { RowChange } from '../../src/application/read-model.ts'
import { streamName } from '../../src/domain/streams.ts'

const lines = [{ sku: 'TEA', location: 'LIS', quantity: 1 }]

function history(): readonly RecordedEvent[] {
  const log = new History().product('TEA', 'Tea').location('LIS').stock('TEA', 'LIS', 9, { safetyStock: 1 }).reserve('TEA', 'LIS', 1)
  log.add(streamName.reservation('r'), { type: 'ReservationPlaced', data: { lines, expiresAt: null } })
  for (let n = 0; n < 20; n += 1) log.stock('TEA', n % 3 === 0 ? 'OPO' : 'LIS', 1 + n)
  log.add(streamName.reservation('r'), { type: 'ReservationReleased', data: { lines } })
  return log.add(streamName.product('TEA'), { type: 'ProductUpdated', data: { name: 'Green tea' } }).events
}

describe('folding beside tables that are ahead', () => {
  const events = history()
  let bench: Bench
  let projected: RowChange[]
  beforeEach(() => {
    bench = new Bench()
    projected = []
    createProjector({ tables: bench.open.tables, bus: { publish: ({ changes }) => { projected.push(...changes) } }, logger: silent }).project(events)
  })
  afterEach(() => { bench.remove() })

  const folding = (asked: string[] = []) => new Folding({
    readModel: bench.open.readModel,
    store: {
      readStream: (stream) => {
        asked.push(stream)
        return Promise.resolve(events.filter((event) => event.stream === stream))
      },
    },
  })

  for (const size of [1, 3, 100]) {
    it(`makes the changes that the projector made, ${size} at a time and with nothing in memory`, async () => {
      const changes: RowChange[] = []
      for (let from = 0; from < events.length; from += size) changes.push(...await folding().changesOf(events.slice(from, from + size)))
      expect(changes).to.deep.equal(projected)
    })
  }

  it('asks for nothing that it has kept', async () => {
    const asked: string[] = []
    const kept = folding(asked)
    const changes: RowChange[] = []
    for (const event of events) {
      const found = await kept.changesOf([event])
      kept.keep(found)
      changes.push(...found)
    }
    expect(changes).to.deep.equal(projected)
    expect(asked).to.deep.equal([])
  })

  it('makes the same again where what it made was not kept', async () => {
    const again = folding()
    expect(await again.changesOf(events)).to.deep.equal(await again.changesOf(events))
  })

  it('refuses to go on from an event that it does not find', async () => {
    const none = new Folding({ readModel: bench.open.readModel, store: { readStream: () => Promise.resolve([]) } })
    const message = await none.changesOf(events.slice(-1)).then(() => '', (error: unknown) => (error as Error).message)
    expect(message).to.equal('Stream product:TEA has no event 1.')
  })
})
