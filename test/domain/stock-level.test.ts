import { stockLevel } from '../../src/domain/stock-level.ts'
import type { StockLevelEvent } from '../../src/domain/events.ts'
import { given } from './given.ts'

const added = (quantity: number): StockLevelEvent => ({ type: 'StockAdded', data: { quantity, reason: 'DELIVERY' } })
const reserved = (quantity: number): StockLevelEvent => ({ type: 'StockReserved', data: { reservationId: 'r', quantity } })
const expected = (quantity: number): StockLevelEvent => ({ type: 'StockExpected', data: { transferId: 't', quantity } })

describe('stock level', () => {
  it('adds and removes', () => {
    given(stockLevel).when({ type: 'AddStock', quantity: 3, reason: 'DELIVERY' }).then([added(3)])
    given(stockLevel, [added(3)]).when({ type: 'RemoveStock', quantity: 3, reason: 'SALE' })
      .then([{ type: 'StockRemoved', data: { quantity: 3, reason: 'SALE' } }])
  })
  it('refuses to remove what is reserved', () => {
    given(stockLevel, [added(3), reserved(2)]).when({ type: 'RemoveStock', quantity: 2, reason: 'SALE' })
      .refused('INSUFFICIENT_STOCK', { requested: 2, available: 1, onHand: 3, reserved: 2 })
  })
  for (const quantity of [0, -1, 0.5, NaN]) {
    it(`refuses a quantity of ${quantity}`, () => {
      given(stockLevel).when({ type: 'AddStock', quantity, reason: 'X' }).refused('INVALID_INPUT')
    })
  }
  it('refuses to decide on a quantity that could not be folded', () => {
    given(stockLevel, [added(Number.MAX_SAFE_INTEGER)]).when({ type: 'AddStock', quantity: 1, reason: 'X' }).refused('LIMIT_EXCEEDED')
  })
  it('counts as a difference, also late', () => {
    given(stockLevel, [added(5)]).when({ type: 'CountStock', counted: 4 }).then([{ type: 'StockCounted', data: { counted: 4, difference: -1 } }])
    given(stockLevel, [added(5)]).when({ type: 'CountStock', counted: 4, onHandThen: 2 }).then([{ type: 'StockCounted', data: { counted: 4, difference: 2 } }])
    given(stockLevel, [added(5), reserved(3)]).when({ type: 'CountStock', counted: 2 }).refused('INSUFFICIENT_STOCK')
  })
  it('sets aside and puts back no more than there is', () => {
    const aside: StockLevelEvent = { type: 'StockSetAside', data: { quantity: 2, reason: 'DAMAGED' } }
    given(stockLevel, [added(2)]).when({ type: 'SetStockAside', quantity: 2, reason: 'DAMAGED' }).then([aside])
    given(stockLevel, [added(2), aside]).when({ type: 'PutStockBack', quantity: 2 }).then([{ type: 'StockPutBack', data: { quantity: 2 } }])
    given(stockLevel, [added(2), aside]).when({ type: 'PutStockBack', quantity: 3 }).refused('INSUFFICIENT_STOCK')
  })
  it('promises up to the backorder limit, and keeps the safety stock', () => {
    const policy: StockLevelEvent = { type: 'StockPolicySet', data: { backorderLimit: 3, safetyStock: 1 } }
    given(stockLevel, [added(2), policy]).when({ type: 'ReserveStock', reservationId: 'r', quantity: 4 }).then([reserved(4)])
    given(stockLevel, [added(2), policy]).when({ type: 'ReserveStock', reservationId: 'r', quantity: 5 }).refused('INSUFFICIENT_STOCK', { availableToPromise: 4 })
    given(stockLevel, [added(2), policy, reserved(4)]).when({ type: 'SetStockPolicy', policy: { backorderLimit: 1 } }).refused('INVALID_STATE')
    given(stockLevel, [policy]).when({ type: 'SetStockPolicy', policy: { safetyStock: 1 } }).then([])
  })
  it('takes facts below zero where that is allowed, and never a promise', () => {
    const allowed: StockLevelEvent = { type: 'StockPolicySet', data: { allowNegative: true } }
    const sold: StockLevelEvent = { type: 'StockRemoved', data: { quantity: 5, reason: 'SOLD' } }
    const history = [added(3), reserved(2)]
    given(stockLevel, [...history, allowed]).when({ type: 'RemoveStock', quantity: 5, reason: 'SOLD' }).then([sold])
    given(stockLevel, history).when({ type: 'RemoveStock', quantity: 5, reason: 'SOLD' }).refused('INSUFFICIENT_STOCK')
    const below = [...history, allowed, sold]
    given(stockLevel, below).when({ type: 'FulfillReservedStock', reservationId: 'r', quantity: 2 })
      .then([{ type: 'ReservedStockFulfilled', data: { reservationId: 'r', quantity: 2 } }])
    given(stockLevel, below).when({ type: 'CountStock', counted: 0, onHandThen: 4 }).then([{ type: 'StockCounted', data: { counted: 0, difference: -4 } }])
    given(stockLevel, below).when({ type: 'ReserveStock', reservationId: 's', quantity: 1 }).refused('INSUFFICIENT_STOCK', { availableToPromise: 0 })
    given(stockLevel, below).when({ type: 'SetStockAside', quantity: 1, reason: 'DAMAGED' }).refused('INSUFFICIENT_STOCK')
    given(stockLevel, below).when({ type: 'DispatchStock', transferId: 't', quantity: 1 }).refused('INSUFFICIENT_STOCK')
    given(stockLevel, below).when({ type: 'SetStockPolicy', policy: { allowNegative: false } }).refused('INVALID_STATE', { onHand: -2 })
  })
  it('ends no more than is reserved', () => {
    const history = [added(5), reserved(2)]
    given(stockLevel, history).when({ type: 'FulfillReservedStock', reservationId: 'r', quantity: 2 })
      .then([{ type: 'ReservedStockFulfilled', data: { reservationId: 'r', quantity: 2 } }])
    given(stockLevel, history).when({ type: 'FulfillReservedStock', reservationId: 'r', quantity: 3 }).refused('INSUFFICIENT_STOCK')
    given(stockLevel, history).when({ type: 'ReleaseReservedStock', reservationId: 'r', quantity: 3, cause: 'RELEASED' }).refused('INSUFFICIENT_STOCK')
  })
  it('receives and cancels no more than is on the way', () => {
    given(stockLevel, [expected(3)]).when({ type: 'ReceiveExpectedStock', transferId: 't', received: 2, missing: 1 })
      .then([{ type: 'ExpectedStockReceived', data: { transferId: 't', received: 2, missing: 1 } }])
    given(stockLevel, [expected(3)]).when({ type: 'ReceiveExpectedStock', transferId: 't', received: 3, missing: 1 }).refused('INSUFFICIENT_STOCK')
    given(stockLevel, [expected(3)]).when({ type: 'CancelExpectedStock', transferId: 't', quantity: 4 }).refused('INSUFFICIENT_STOCK')
  })
})
