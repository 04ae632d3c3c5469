import { expect } from 'chai'
import { type AnyBench, describeReadModels } from './benches.ts'
import { History } from './fixture.ts'
import type { ReservationQuery, TransferQuery } from '../../../src/application/read-model.ts'
import { streamName } from '../../../src/domain/streams.ts'

const line = (sku: string, location: string, quantity = 1) => ({ sku, location, quantity })

describeReadModels('read model: reservations and transfers', (open) => {
  let bench: AnyBench
  let history: History

  beforeEach(async () => {
    bench = await open()
    history = new History()
  })
  afterEach(() => bench.remove())

  const place = (id: string, lines: ReturnType<typeof line>[], expiresAt: number | null = null) =>
    history.add(streamName.reservation(id), { type: 'ReservationPlaced', data: { lines, expiresAt } })
  const dispatch = (id: string, from: string, to: string) =>
    history.add(streamName.transfer(id), { type: 'TransferDispatched', data: { from, to, lines: [{ sku: 'A', quantity: 2 }] } })
  const project = () => bench.project(history)
  const found = async (query: Partial<ReservationQuery>): Promise<string> => {
    const page = await bench.model.reservationPage({ first: 99, ...query })
    expect(page.totalCount).to.equal(page.items.length)
    return page.items.map(({ id }) => id).join(' ')
  }

  it('finds reservations by each field, and by all together', async () => {
    place('r1', [line('A', 'X'), line('B', 'Y')])
    place('r2', [line('A', 'Y')])
    place('r3', [line('B', 'X')])
    history.events[1] = { ...history.events[1]!, metadata: { correlationId: 'c', reference: 'order-2' } }
    await project()
    history.add(streamName.reservation('r3'), { type: 'ReservationReleased', data: { lines: [line('B', 'X')] } })
    await project()
    expect(await found({})).to.equal('r1 r2 r3')
    expect(await found({ skus: ['A'] })).to.equal('r1 r2')
    expect(await found({ locations: ['X'] })).to.equal('r1 r3')
    expect(await found({ skus: ['A'], locations: ['Y'] })).to.equal('r2')
    expect(await found({ statuses: ['RELEASED', 'EXPIRED'] })).to.equal('r3')
    expect(await found({ reference: 'order-2' })).to.equal('r2')
    expect(await found({ reference: 'order-2', statuses: ['OPEN'], skus: ['A', 'B'], locations: ['X', 'Y'] })).to.equal('r2')
    expect(await found({ skus: [] })).to.equal('')
  })

  it('finds transfers by their status, their SKUs and either end', async () => {
    dispatch('t1', 'X', 'Y')
    dispatch('t2', 'Y', 'Z')
    dispatch('t3', 'Z', 'X')
    history.add(streamName.transfer('t2'), { type: 'TransferCancelled', data: { lines: [{ sku: 'A', quantity: 2 }] } })
    await project()
    const ids = async (query: Partial<TransferQuery>): Promise<string> => (await bench.model.transferPage({ first: 9, ...query })).items.map(({ id }) => id).join(' ')
    expect(await ids({})).to.equal('t1 t2 t3')
    expect(await ids({ locations: ['Y'] })).to.equal('t1 t2')
    expect(await ids({ locations: ['X', 'Z'], statuses: ['IN_TRANSIT'] })).to.equal('t1 t3')
    expect(await ids({ skus: ['B', 'A'], locations: ['Y'] })).to.equal('t1 t2')
    expect(await ids({ skus: ['B'] })).to.equal('')
    const first = await bench.model.transferPage({ first: 2 })
    expect(await ids({ after: first.cursors[1]! })).to.equal('t3')
  })

  it('gives what is due in the order of its end, after any place in it', async () => {
    place('late', [line('A', 'X')], 300)
    place('never', [line('A', 'X')])
    place('b', [line('A', 'X')], 100)
    place('a', [line('A', 'X')], 100)
    place('soon', [line('A', 'X')], 50)
    place('over', [line('A', 'X')], 40)
    history.add(streamName.reservation('over'), { type: 'ReservationExpired', data: { lines: [line('A', 'X')] } })
    await project()
    const due = async (now: number, first: number, after?: { expiresAt: number; id: string }) =>
      (await bench.model.dueReservations({ now, first, ...(after && { after }) })).value.map(({ id }) => id).join(' ')
    expect(await due(49, 9)).to.equal('')
    expect(await due(100, 9)).to.equal('soon a b')
    expect(await due(100, 1)).to.equal('soon')
    expect(await due(999, 9, { expiresAt: 100, id: 'a' })).to.equal('b late')
  })

  it('names what keeps a location open, and nothing that has ended', async () => {
    history.location('X')
    place('r1', [line('A', 'X'), line('B', 'X')])
    place('r2', [line('A', 'X')])
    place('r3', [line('A', 'Y')])
    history.add(streamName.reservation('r2'), { type: 'ReservationFulfilled', data: { lines: [line('A', 'X')] } })
    dispatch('t1', 'X', 'Y')
    dispatch('t2', 'Y', 'X')
    dispatch('t3', 'Y', 'X')
    history.add(streamName.transfer('t3'), { type: 'TransferReceived', data: { lines: [{ sku: 'A', received: 1, missing: 1 }] } })
    await project()
    const { value } = await bench.model.locationContents('X')
    expect(value).to.deep.equal({ skus: [], reservations: ['reservation:r1'], transfers: ['transfer:t1', 'transfer:t2'] })
  })

  it('gives what can be promised: of active products at open locations, more than nothing', async () => {
    history.product('A', 'A').product('B', 'B').location('X').location('Y').location('Z')
      .stock('A', 'X', 5, { safetyStock: 2 }).stock('A', 'Y', 5).stock('A', 'Z', 1).reserve('A', 'Z', 1).stock('B', 'X', 5)
      .add(streamName.location('Y'), { type: 'LocationClosed', data: {} }).add(streamName.product('B'), { type: 'ProductDiscontinued', data: {} })
    await project()
    const { promisable } = bench.model
    expect((await promisable({ skus: ['A', 'B'], first: 9 })).value).to.deep.equal([{ sku: 'A', location: 'X', quantity: 3 }])
    expect((await promisable({ skus: ['A'], locations: ['Z'], first: 9 })).value).to.deep.equal([])
  })
})
