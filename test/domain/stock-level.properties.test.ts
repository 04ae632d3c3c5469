import { expect } from 'chai'
import fc from 'fast-check'
import type { StockLevelEvent } from '../../src/domain/events.ts'
import { fold } from '../../src/domain/decider.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { stockLevel, type StockLevelCommand } from '../../src/domain/stock-level.ts'

const quantity = fc.integer({ min: 0, max: 12 })
const ids = { reservationId: 'r', transferId: 't', reason: 'X', cause: 'RELEASED' } as const
const simple = fc.tuple(
  fc.constantFrom('AddStock', 'RemoveStock', 'SetStockAside', 'PutStockBack', 'ReserveStock', 'FulfillReservedStock',
    'ReleaseReservedStock', 'DispatchStock', 'ExpectStock', 'CancelExpectedStock', 'TakeBackDispatchedStock'),
  quantity,
).map(([type, quantity]): StockLevelCommand => ({ type, quantity, ...ids }))
const command: fc.Arbitrary<StockLevelCommand> = fc.oneof(
  { weight: 5, arbitrary: simple },
  fc.record({ type: fc.constant('CountStock' as const), counted: quantity, onHandThen: quantity }),
  fc.record({ type: fc.constant('ReceiveExpectedStock' as const), transferId: fc.constant('t'), received: quantity, missing: quantity }),
  fc.record({ backorderLimit: quantity, safetyStock: quantity, allowNegative: fc.boolean() }, { requiredKeys: [] })
    .map((policy) => ({ type: 'SetStockPolicy' as const, policy })),
)

describe('stock level, whatever the commands', () => {
  it('is never oversold, and folds to the same state again', () => {
    fc.assert(fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const history: StockLevelEvent[] = []
      let level = stockLevel.initialState
      for (const each of commands) {
        for (const event of decided(level, each)) {
          level = stockLevel.evolve(level, event)
          history.push(event)
          const { onHand, reserved, unavailable, incoming, backorderLimit } = level
          expect(Math.min(reserved, unavailable, incoming)).to.be.at.least(0)
          if (level.allowNegative) continue
          expect(onHand).to.be.at.least(0)
          expect(reserved + unavailable).to.be.at.most(onHand + backorderLimit)
        }
      }
      expect(fold(stockLevel, stockLevel.initialState, history)).to.deep.equal(level)
    }), { numRuns: 500 })
  })
})

function decided(level: typeof stockLevel.initialState, each: StockLevelCommand): readonly StockLevelEvent[] {
  try {
    return stockLevel.decide(level, each)
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}
