import { expect } from 'chai'
import fc from 'fast-check'
import type { LogEvent, Quantities } from '../../web/src/api/types.ts'
import { seriesOf } from '../../web/src/level/series.ts'

const quantities = (onHand: number): Quantities =>
  ({ onHand, reserved: 0, unavailable: 0, available: onHand, incoming: 0, safetyStock: 0, availableToPromise: onHand })
const event = (type: string, data: LogEvent['data'], occurredAt: string): LogEvent => ({
  id: occurredAt, cursor: '', type, data, stream: 'stock:TEA@LIS', version: 1, occurredAt, recordedAt: occurredAt,
  sku: 'TEA', location: 'LIS', actor: null, reason: null, reference: null, note: null, correlationId: '', causationId: null,
})

describe('a stock level through time', () => {
  it('is counted back from now, in the order in which things happened', () => {
    const recorded = [
      event('StockRemoved', { quantity: 3, reason: 'SOLD' }, '2026-03-02T10:00:00Z'),
      event('StockAdded', { quantity: 40, reason: 'RECEIVED' }, '2026-03-01T10:00:00Z'),
      event('StockRemoved', { quantity: 5, reason: 'SOLD' }, '2026-03-01T18:00:00Z'),
    ]
    const points = seriesOf(quantities(32), recorded, true)
    expect(points.map(({ at, onHand }) => [new Date(at).toISOString().slice(0, 13), onHand]))
      .to.deep.equal([['2026-03-01T10', 40], ['2026-03-01T18', 35], ['2026-03-02T10', 32]])
  })

  it('ends at what is there now, and begins with what there was before the events that are known', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 50 })), fc.nat(1_000), (added, before) => {
      const events = added.map((quantity, index) => event('StockAdded', { quantity, reason: 'RECEIVED' }, new Date(index * 1_000).toISOString())).reverse()
      const now = before + added.reduce((sum, quantity) => sum + quantity, 0)
      const points = seriesOf(quantities(now), events, false)
      expect(points.at(-1)?.onHand ?? now).to.equal(now)
      expect(points[0]?.onHand ?? before).to.equal(before)
    }))
  })

  it('leaves alone what an event of an unknown type did', () => {
    expect(seriesOf(quantities(7), [event('StockTeleported', { quantity: 3 }, '2026-03-01T10:00:00Z')], true)[0]?.onHand).to.equal(7)
  })
})
