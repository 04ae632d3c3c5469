import { expect } from 'chai'
import fc from 'fast-check'
import { stockLevels } from '../../../src/application/projections/index.ts'
import type { Moment, StockQuery } from '../../../src/application/read-model.ts'
import type { RecordedEvent } from '../../../src/application/ports.ts'
import type { StockLevelView } from '../../../src/application/views.ts'
import { available, isLow } from '../../../src/domain/stock-level.ts'
import type { DomainEvent } from '../../../src/domain/events.ts'
import { streamName } from '../../../src/domain/streams.ts'
import { describeReadModels } from './benches.ts'
import { History } from './fixture.ts'

const START = 1_800_000_000_000
const QUANTITIES = ['onHand', 'reserved', 'unavailable', 'incoming'] as const

interface Fact { readonly sku: number; readonly event: DomainEvent; readonly age: number }

const quantity = fc.integer({ min: 1, max: 9 })
const event: fc.Arbitrary<DomainEvent> = fc.oneof(
  { weight: 5, arbitrary: quantity.map((n): DomainEvent => ({ type: 'StockAdded', data: { quantity: n, reason: 'R' } })) },
  quantity.map((n): DomainEvent => ({ type: 'StockReserved', data: { reservationId: 'r', quantity: n } })),
  quantity.map((n): DomainEvent => ({ type: 'StockSetAside', data: { quantity: n, reason: 'R' } })),
  quantity.map((n): DomainEvent => ({ type: 'StockExpected', data: { transferId: 't', quantity: n } })),
)
/** Mostly told at once, some of it late. */
const facts = fc.array(fc.record<Fact>({
  sku: fc.integer({ min: 0, max: 3 }), event, age: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 200 })),
}), { minLength: 1, maxLength: 220 })

function record(told: readonly Fact[]): History {
  const history = new History()
  for (const { sku, event, age } of told) history.add(streamName.stock(`S${sku}`, 'LIS'), event, START + history.events.length + 1 - age)
  return history
}

/** The same by the definition: fold what counts, whatever the order. */
function past(events: readonly RecordedEvent[], sku: string, { asOf = Infinity, knownAt = Infinity }: Moment): StockLevelView | undefined {
  return events
    .filter((one) => one.stream === streamName.stock(sku, 'LIS') && one.occurredAt <= asOf && one.recordedAt <= knownAt)
    .reduce<StockLevelView | undefined>((row, one) => stockLevels.evolve(row, one), undefined)
}

const quantities = (view: StockLevelView | undefined) =>
  view && Object.fromEntries([...QUANTITIES, 'sku' as const, 'version' as const, 'updatedAt' as const].map((name) => [name, view[name]]))

describeReadModels('read model: past moments', (open) => {
  const time = fc.option(fc.integer({ min: -5, max: 230 }).map((offset) => START + offset), { nil: undefined })
  const moment = fc.record({ asOf: time, knownAt: time }).map(({ asOf, knownAt }): Moment => ({ ...(asOf !== undefined && { asOf }), ...(knownAt !== undefined && { knownAt }) }))

  it('are what folding the events of that time gives, as far as they were known', async () => {
    await fc.assert(fc.asyncProperty(facts, moment, async (told, when) => {
      const bench = await open()
      try {
        const history = record(told)
        const { events } = history
        await bench.project(history)
        const keys = ['S0', 'S1', 'S2', 'S3'].map((sku) => ({ sku, location: 'LIS' }))
        const { value } = await bench.model.stockLevelsAt(keys, when)
        expect(value.map(quantities)).to.deep.equal(keys.map(({ sku }) => quantities(past(events, sku, when))))
      } finally {
        await bench.remove()
      }
    }), { numRuns: 60 })
  })

  it('fill the same pages, in every order and through every filter', async () => {
    const orderBy = fc.constantFrom('SKU', 'LOCATION', 'ON_HAND', 'AVAILABLE', 'UPDATED_AT')
    const direction = fc.constantFrom('ASC', 'DESC')
    const filter = fc.constantFrom<Partial<StockQuery>>({}, { skus: ['S0', 'S2'] }, { onlyAvailable: true }, { minAvailable: 5, maxAvailable: 30 }, { onlyLow: true })
    await fc.assert(fc.asyncProperty(facts, moment, orderBy, direction, filter, async (told, when, order, way, wanted) => {
      const bench = await open()
      try {
        const history = record(told)
        const { events } = history
        await bench.project(history)
        const there = ['S0', 'S1', 'S2', 'S3'].flatMap((sku) => past(events, sku, when) ?? []).filter((level) => matches(level, wanted))
        const query: StockQuery = { ...wanted, orderBy: order, direction: way, moment: when, first: 3 }
        const first = await bench.model.stockPage(query)
        const rest = first.hasNextPage ? await bench.model.stockPage({ ...query, after: first.cursors.at(-1)! }) : undefined
        const listed = [...first.items, ...(rest?.items ?? [])]
        const sorted = there.toSorted((a, b) => (way === 'ASC' ? 1 : -1) * (keyOf(order, a) - keyOf(order, b) || (a.sku < b.sku ? -1 : 1)))
        expect(listed.map(quantities)).to.deep.equal(sorted.map(quantities))
        expect(first.totalCount).to.equal(there.length)
      } finally {
        await bench.remove()
      }
    }), { numRuns: 60 })
  })

  it('know the policy of that time', async () => {
    const bench = await open()
    const stream = streamName.stock('S0', 'LIS')
    const set = (safetyStock: number): DomainEvent => ({ type: 'StockPolicySet', data: { safetyStock } })
    const history = new History()
      .add(stream, set(1), START).add(stream, set(2), START + 10).add(stream, { type: 'StockAdded', data: { quantity: 4, reason: 'R' } }, START + 5)
    await bench.project(history)
    const { value: [level] } = await bench.model.stockLevelsAt([{ sku: 'S0', location: 'LIS' }], { asOf: START + 7 })
    expect([level?.safetyStock, level?.onHand]).to.deep.equal([1, 4])
    await bench.remove()
  })
})

const matches = (level: StockLevelView, { skus, onlyAvailable, minAvailable, maxAvailable, onlyLow }: Partial<StockQuery>): boolean => {
  const there = available(stockLevels.stateOf(level))
  return (skus?.includes(level.sku) ?? true) && (onlyAvailable !== true || there > 0) && (onlyLow !== true || isLow(stockLevels.stateOf(level)))
    && there >= (minAvailable ?? -Infinity) && there <= (maxAvailable ?? Infinity)
}

const keyOf = (order: StockQuery['orderBy'], level: StockLevelView): number => {
  switch (order) {
    case 'ON_HAND': return level.onHand
    case 'AVAILABLE': return available(stockLevels.stateOf(level))
    case 'UPDATED_AT': return level.updatedAt
    default: return 0
  }
}
