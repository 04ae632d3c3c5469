import { expect } from 'chai'
import fc from 'fast-check'
import { fold } from '../../src/domain/decider.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { openQuantity, reservation, type ReservationCommand } from '../../src/domain/reservation.ts'
import { inTransit, transfer, type TransferCommand } from '../../src/domain/transfer.ts'

const attempt = <Event>(decide: () => readonly Event[]): readonly Event[] => {
  try {
    return decide()
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const line = fc.record({ sku: fc.constantFrom('A', 'B'), location: fc.constant('L'), quantity: fc.integer({ min: 1, max: 5 }) })
const lines = fc.array(line, { minLength: 1, maxLength: 4 })

describe('whatever the commands', () => {
  it('reserved is the sum of the open quantities', () => {
    const command: fc.Arbitrary<ReservationCommand> = fc.oneof(
      lines.map((lines) => ({ type: 'FulfillReservation' as const, lines, now: 0 })),
      lines.map((lines) => ({ type: 'ReleaseReservation' as const, lines })),
    )
    fc.assert(fc.property(lines, fc.array(command), (placed, commands) => {
      const history = [...reservation.decide(reservation.initialState, { type: 'PlaceReservation', lines: placed, expiresAt: null })]
      let reserved = sum(placed.map(({ quantity }) => quantity))
      for (const each of commands) {
        const events = attempt(() => reservation.decide(fold(reservation, reservation.initialState, history), each))
        history.push(...events)
        reserved -= sum(events.flatMap(({ data }) => ('lines' in data ? data.lines.map(({ quantity }) => quantity) : [])))
        const state = fold(reservation, reservation.initialState, history)
        expect(state.kind === 'notPlaced' ? 0 : sum(state.lines.map(openQuantity))).to.equal(reserved)
      }
    }))
  })
  it('a transfer conserves goods', () => {
    const command: fc.Arbitrary<TransferCommand> = fc.oneof(
      lines.map((lines) => ({ type: 'ReceiveTransfer' as const, lines })),
      fc.constant({ type: 'CancelTransfer' as const }),
    )
    fc.assert(fc.property(lines, fc.array(command), (sent, commands) => {
      const history = [...transfer.decide(transfer.initialState, { type: 'DispatchTransfer', from: 'X', to: 'Y', lines: sent })]
      let gone = 0
      for (const each of commands) {
        const state = fold(transfer, transfer.initialState, history)
        for (const event of attempt(() => transfer.decide(state, each))) {
          history.push(event)
          if (event.type === 'TransferReceived') gone += sum(event.data.lines.map(({ received, missing }) => received + missing))
          if (event.type === 'TransferCancelled') gone += sum(event.data.lines.map(({ quantity }) => quantity))
        }
        const after = fold(transfer, transfer.initialState, history)
        const open = after.kind === 'inTransit' ? sum(after.lines.map(inTransit)) : 0
        expect(open + gone).to.equal(sum(sent.map(({ quantity }) => quantity)))
      }
    }))
  })
})
