import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReservationChange } from '../../../src/application/changes.ts'
import { type Composition, compose } from '../../../src/compose.ts'
import { createManualClock } from '../../../src/infrastructure/memory/manual-clock.ts'
import { uuidV7 } from '../../../src/infrastructure/ids.ts'
import { caller } from '../given-inventory.ts'
import { givenMugs, mugs, reserve } from '../promises.ts'
import { silent } from '../test-inventory.ts'
import { take } from './follow.ts'

const told = ({ event: { type }, reservation: { status, version, lines } }: ReservationChange) =>
  [type, status, version, lines[0]?.fulfilled, lines[0]?.released]

describe('changes of reservations', () => {
  const clock = createManualClock()
  let directory: string
  let composition: Composition
  let start: number
  const ids: string[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-reservations-'))
    composition = await compose({ directory, clock, ids: uuidV7, logger: silent })
    await givenMugs(composition, { LIS: 100 })
    start = composition.store.head()
  })

  after(async () => {
    await composition.close()
    await rm(directory, { recursive: true })
  })

  const changes = () => composition.inventory.changes
  const all = () => take(changes().reservations({}, start), 9)

  it('tells each with the reservation right after it, live as from the log', async () => {
    const { commands } = composition.inventory
    const live = changes().reservations({})
    for (const reference of ['cart-1', 'cart-2', 'cart-1']) {
      ids.push((await reserve(composition, [mugs(6, 'LIS')], { reference, expiresInSeconds: 60 })).result.id)
    }
    const [one = '', two = '', three = ''] = ids
    await commands.extendReservation({ id: one, expiresInSeconds: 600 }, caller)
    await commands.fulfillReservation({ id: one, lines: [{ sku: 'MUG', location: 'LIS', quantity: 2 }], reference: 'note-1' }, caller)
    await commands.releaseReservation({ id: two, reference: 'cart-1' }, caller)
    clock.advance(60_001)
    await composition.inventory.expireDue()
    await commands.fulfillReservation({ id: one, lines: [{ sku: 'MUG', location: 'LIS', quantity: 1 }] }, caller)
    await commands.releaseReservation({ id: one }, caller)
    const found = await take(live, 9)
    expect(await all()).to.deep.equal(found)
    const of = (id: string) => found.filter(({ reservation }) => reservation.id === id).map(told)
    expect(of(one)).to.deep.equal([
      ['ReservationPlaced', 'OPEN', 1, 0, 0], ['ReservationExtended', 'OPEN', 2, 0, 0], ['ReservationFulfilled', 'OPEN', 3, 2, 0],
      ['ReservationFulfilled', 'OPEN', 4, 3, 0], ['ReservationReleased', 'RELEASED', 5, 3, 3],
    ])
    expect(of(two)).to.deep.equal([['ReservationPlaced', 'OPEN', 1, 0, 0], ['ReservationReleased', 'RELEASED', 2, 0, 6]])
    expect(of(three)).to.deep.equal([['ReservationPlaced', 'OPEN', 1, 0, 0], ['ReservationExpired', 'EXPIRED', 2, 0, 6]])
  })

  it('goes on after any of them', async () => {
    const found = await all()
    for (const [index, { position }] of found.entries()) {
      const rest = found.slice(index + 1)
      expect(await take(changes().reservations({}, position), rest.length)).to.deep.equal(rest)
    }
  })

  it('keeps to one reservation, and to the reference that it was placed with', async () => {
    const found = await all()
    const [one = '', two = ''] = ids
    for (const [filter, isWanted] of [
      [{ id: one }, ({ reservation }: ReservationChange) => reservation.id === one],
      [{ reference: 'cart-1' }, ({ reservation }: ReservationChange) => reservation.reference === 'cart-1'],
      [{ id: two, reference: 'cart-2' }, ({ reservation }: ReservationChange) => reservation.id === two],
    ] as const) {
      const wanted = found.filter(isWanted)
      expect(wanted.length).to.be.greaterThan(1)
      expect(await take(changes().reservations(filter, start), wanted.length)).to.deep.equal(wanted)
    }
  })

  it('tells live what the filter asks for, and nothing of the others before it', async () => {
    const filters = [{ reference: 'late' }, { id: ids[0] ?? '' }, { id: ids[0] ?? '', reference: 'late' }]
    const lives = filters.map((filter) => changes().reservations(filter))
    await reserve(composition, [mugs(1, 'LIS')], { reference: 'early' })
    const { result: { id }, position } = await reserve(composition, [mugs(1, 'LIS')], { reference: 'late' })
    const [found] = await take(lives[0]!, 1)
    expect([found?.reservation.id, found?.position]).to.deep.equal([id, position])
    for (const live of lives.slice(1)) {
      const next = live.next()
      await live.return?.()
      expect((await next).done, 'something was told that was not asked for').to.equal(true)
    }
  })
})
