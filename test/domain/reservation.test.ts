import { expect } from 'chai'
import { openQuantity, reservation } from '../../src/domain/reservation.ts'
import type { ReservationEvent } from '../../src/domain/events.ts'
import { given } from './given.ts'

const line = (quantity: number) => ({ sku: 'A', location: 'L', quantity })
const placed: ReservationEvent = { type: 'ReservationPlaced', data: { lines: [line(5)], expiresAt: 100 } }

describe('reservation', () => {
  it('merges lines, and refuses none', () => {
    given(reservation).when({ type: 'PlaceReservation', lines: [line(2), line(3)], expiresAt: 100 }).then([placed])
    given(reservation).when({ type: 'PlaceReservation', lines: [], expiresAt: null }).refused('INVALID_INPUT')
    given(reservation, [placed]).when({ type: 'PlaceReservation', lines: [line(1)], expiresAt: null }).refused('ALREADY_EXISTS')
  })
  it('counts a line that is named twice in one command twice', () => {
    const event: ReservationEvent = { type: 'ReservationReleased', data: { lines: [line(3)] } }
    given(reservation, [placed]).when({ type: 'ReleaseReservation', lines: [line(1), line(2)] }).then([event])
    expect(given(reservation, [placed, event]).state).to.have.nested.property('lines[0].released', 3)
    given(reservation, [placed]).when({ type: 'ReleaseReservation', lines: [line(3), line(3)] }).refused('INVALID_INPUT', { open: 2 })
  })
  it('expires when its time is over, not before', () => {
    given(reservation, [placed]).when({ type: 'ExpireReservation', now: 99 }).then([])
    given(reservation, [placed]).when({ type: 'ExpireReservation', now: 100 }).then([{ type: 'ReservationExpired', data: { lines: [line(5)] } }])
    given(reservation, [placed]).when({ type: 'FulfillReservation', now: 100 }).refused('INVALID_STATE', { status: 'EXPIRED' })
    given(reservation, [placed]).when({ type: 'ExtendReservation', expiresAt: 200, now: 99 }).then([{ type: 'ReservationExtended', data: { expiresAt: 200 } }])
  })
  it('is over once nothing is open', () => {
    const { state } = given(reservation, [placed, { type: 'ReservationFulfilled', data: { lines: [line(5)] } }])
    expect(state.kind).to.equal('fulfilled')
    expect(state.kind === 'notPlaced' ? [] : state.lines.map(openQuantity)).to.deep.equal([0])
    given(reservation).when({ type: 'ReleaseReservation' }).refused('NOT_FOUND')
  })
})
