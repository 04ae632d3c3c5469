import { expect } from 'chai'
import { type AuthorizedInventory, authorizedInventory } from '../../../src/application/access/authorized-inventory.ts'
import { ANYBODY, Forbidden, type Role } from '../../../src/application/access/identity.ts'
import { refusal } from '../given-inventory.ts'
import { openTestInventory, type TestInventory } from '../test-inventory.ts'

const caller = { correlationId: 'c-1' }
const LIS = { sku: 'TEA', location: 'LIS' }
const OPO = { sku: 'TEA', location: 'OPO' }
const wanted = { strategy: 'FEWEST_LOCATIONS', dryRun: false } as const
const page = { first: 10, orderBy: 'SKU', direction: 'ASC' } as const

const forbidden = async (attempt: Promise<unknown>): Promise<void> => {
  const error: unknown = await attempt.then(() => undefined, (reason: unknown) => reason)
  expect(error).to.be.instanceOf(Forbidden)
}

describe('an inventory as its caller may see and change it', () => {
  let test: TestInventory
  let clerk: AuthorizedInventory
  let chief: AuthorizedInventory

  const as = (role: Role, ...locations: string[]): AuthorizedInventory => authorizedInventory(test.inventory, { actor: `a ${role}`, role, locations: new Set(locations) })
  const reserved = async (...lines: { sku: string; location: string }[]): Promise<string> =>
    (await chief.commands.reserveStock({ ...wanted, lines: lines.map((line) => ({ ...line, quantity: 2 })) }, caller)).result.id
  const sent = async (from: string, to: string): Promise<string> =>
    (await chief.commands.dispatchTransfer({ from, to, lines: [{ sku: 'TEA', quantity: 1 }] }, caller)).result.id

  beforeEach(async () => {
    test = await openTestInventory()
    chief = authorizedInventory(test.inventory, ANYBODY)
    clerk = as('clerk', 'LIS')
    await chief.commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, caller)
    for (const code of ['LIS', 'OPO', 'FAR']) await chief.commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
    const add = (place: typeof LIS, quantity: number) => chief.commands.addStock({ ...place, quantity, reason: 'RECEIVED' }, caller)
    await add(LIS, 10)
    await add(OPO, 100)
  })

  afterEach(() => test.close())

  it('puts the name of who asks on every event, whatever they say of themselves', async () => {
    await clerk.commands.removeStock({ ...LIS, quantity: 1, reason: 'SOLD' }, { ...caller, actor: 'somebody else' })
    const { events: [last] } = await test.inventory.events.find({}, { last: 1 })
    expect(last?.metadata.actor).to.equal('a clerk')
  })

  it('moves no stock elsewhere, and nothing at all where one row is elsewhere', async () => {
    const { head } = test.inventory.status()
    const movement = (place: typeof LIS) => ({ ...place, delta: 1 })
    await forbidden(clerk.commands.addStock({ ...OPO, quantity: 1, reason: 'RECEIVED' }, caller))
    await forbidden(clerk.commands.applyMovements({ movements: [movement(LIS), movement(OPO)], errorPolicy: 'SKIP_FAILED', dryRun: false }, caller))
    await forbidden(as('clerk').commands.addStock({ ...LIS, quantity: 1, reason: 'RECEIVED' }, caller))
    expect(test.inventory.status().head).to.equal(head)
  })

  it('takes no more of a role than it may', async () => {
    await forbidden(clerk.commands.setStockPolicy({ ...LIS, policy: { safetyStock: 1 } }, caller))
    await forbidden(as('reader', 'LIS').commands.addStock({ ...LIS, quantity: 1, reason: 'RECEIVED' }, caller))
    await as('manager', 'LIS').commands.setStockPolicy({ ...LIS, policy: { safetyStock: 1 } }, caller)
  })

  it('reserves what is not placed at their locations alone', async () => {
    const lines = (quantity: number) => [{ sku: 'TEA', quantity }]
    const { result } = await clerk.commands.reserveStock({ ...wanted, lines: lines(4) }, caller)
    expect(result.lines.map(({ location }) => location)).to.deep.equal(['LIS'])
    const short = await refusal(clerk.commands.reserveStock({ ...wanted, lines: lines(7) }, caller))
    expect([short.code, short.details.availableToPromise]).to.deep.equal(['INSUFFICIENT_STOCK', 6])
    await forbidden(clerk.commands.reserveStock({ ...wanted, lines: lines(1), locations: ['LIS', 'OPO'] }, caller))
    await forbidden(clerk.commands.reserveStock({ ...wanted, lines: [{ ...LIS, quantity: 1 }, { ...OPO, quantity: 1 }] }, caller))
  })

  it('gives the first answer again to the same key, also where they are bound to other locations now', async () => {
    const command = { ...wanted, lines: [{ sku: 'TEA', quantity: 1 }], idempotencyKey: 'k-1' }
    const first = await clerk.commands.reserveStock(command, caller)
    const again = await as('clerk', 'LIS', 'FAR').commands.reserveStock(command, caller)
    expect([again.replayed, again.result.id]).to.deep.equal([true, first.result.id])
  })

  it('ends a reservation where all of its lines that are meant are theirs', async () => {
    const own = await reserved(LIS)
    const both = await reserved(LIS, OPO)
    const elsewhere = await reserved(OPO)
    await clerk.commands.extendReservation({ id: own, expiresInSeconds: 60 }, caller)
    await clerk.commands.fulfillReservation({ id: own }, caller)
    await forbidden(clerk.commands.fulfillReservation({ id: both }, caller))
    await clerk.commands.fulfillReservation({ id: both, lines: [{ ...LIS, quantity: 1 }] }, caller)
    await forbidden(clerk.commands.releaseReservation({ id: both, lines: [{ ...OPO, quantity: 1 }] }, caller))
    await forbidden(clerk.commands.extendReservation({ id: both, expiresInSeconds: 60 }, caller))
    await forbidden(clerk.commands.releaseReservation({ id: elsewhere }, caller))
    expect((await refusal(clerk.commands.releaseReservation({ id: 'none' }, caller))).code).to.equal('NOT_FOUND')
  })

  it('sends from their locations, and receives at them', async () => {
    await clerk.commands.dispatchTransfer({ from: 'LIS', to: 'OPO', lines: [{ sku: 'TEA', quantity: 1 }] }, caller)
    await forbidden(clerk.commands.dispatchTransfer({ from: 'OPO', to: 'LIS', lines: [{ sku: 'TEA', quantity: 1 }] }, caller))
    const incoming = await sent('OPO', 'LIS')
    await forbidden(clerk.commands.cancelTransfer({ id: incoming }, caller))
    await clerk.commands.receiveTransfer({ id: incoming }, caller)
    const outgoing = await sent('LIS', 'OPO')
    await forbidden(clerk.commands.receiveTransfer({ id: outgoing }, caller))
    await clerk.commands.cancelTransfer({ id: outgoing }, caller)
  })

  it('shows stock, totals and what can be promised as if there were nothing elsewhere', async () => {
    const { queries } = clerk
    expect((await queries.stockLevels([LIS, OPO])).value.map((level) => level?.onHand)).to.deep.equal([10, undefined])
    expect((await queries.stockLevelsAt([LIS, OPO], {})).value.map((level) => level?.onHand)).to.deep.equal([10, undefined])
    expect((await queries.stockPage(page)).items.map(({ location }) => location)).to.deep.equal(['LIS'])
    expect((await queries.stockPage({ ...page, locations: ['OPO'] })).items).to.deep.equal([])
    expect((await queries.totals(['TEA'])).value[0]?.onHand).to.equal(10)
    expect((await chief.queries.totals(['TEA'])).value[0]?.onHand, 'kept apart from what others see').to.equal(110)
    expect((await queries.locationTotals(['LIS', 'OPO'])).value.map(({ onHand }) => onHand)).to.deep.equal([10, 0])
    const { value: [line] } = await clerk.checkAvailability({ lines: [{ sku: 'TEA', quantity: 11 }], locations: ['OPO', 'LIS'], strategy: 'PRIORITY' })
    expect(line?.availableToPromise).to.equal(10)
    expect((await as('reader').queries.stockPage(page)).items, 'bound to no location at all').to.deep.equal([])
  })

  it('keeps the totals of some locations right when they change', async () => {
    expect((await clerk.queries.totals(['TEA'])).value[0]?.onHand).to.equal(10)
    await clerk.commands.removeStock({ ...LIS, quantity: 3, reason: 'SOLD' }, caller)
    expect((await clerk.queries.totals(['TEA'])).value[0]?.onHand).to.equal(7)
  })

  it('shows reservations and transfers that touch their locations', async () => {
    const [own, both, elsewhere] = [await reserved(LIS), await reserved(OPO, LIS), await reserved(OPO)]
    const [out, away] = [await sent('LIS', 'OPO'), await sent('OPO', 'FAR')]
    const { queries } = clerk
    expect((await queries.reservationPage({ first: 10 })).items.map(({ id }) => id)).to.deep.equal([own, both])
    expect((await queries.reservationPage({ first: 10, locations: ['OPO'] })).items.map(({ id }) => id)).to.deep.equal([both])
    expect((await queries.reservations([own, both, elsewhere])).value.map((view) => view?.id)).to.deep.equal([own, both, undefined])
    expect((await queries.transferPage({ first: 10, locations: ['OPO'] })).items.map(({ id }) => id)).to.deep.equal([out])
    expect((await queries.transfers([out, away])).value.map((view) => view?.id)).to.deep.equal([out, undefined])
  })

  it('shows the catalogue whole', async () => {
    expect((await clerk.queries.locationPage({ first: 10 })).totalCount).to.equal(3)
    expect((await clerk.queries.products(['TEA'])).value[0]?.name).to.equal('Tea')
  })

  it('shows the events of their locations', async () => {
    const all = await chief.events.find({}, { first: 50 })
    const { events } = await clerk.events.find({}, { first: 50 })
    expect(events.map(({ stream }) => stream)).to.deep.equal(['location:LIS', 'stock:TEA@LIS'])
    expect((await clerk.events.find({ locations: ['OPO'] }, { first: 50 })).events).to.deep.equal([])
    const shown = await Promise.all(all.events.map(({ id }) => clerk.events.event(id)))
    expect(shown.flatMap((event) => event?.id ?? [])).to.deep.equal(events.map(({ id }) => id))
  })

  it('shows webhooks, and what the log says of them, to those alone who may change them', async () => {
    const { result: { webhook } } = await chief.commands.registerWebhook({ url: 'https://shop.example/hook', eventTypes: ['*'] }, caller)
    const kinds = async ({ events }: AuthorizedInventory) => (await events.find({}, { first: 50 })).events.map(({ type }) => type)
    expect(await kinds(chief)).to.include('WebhookRegistered')
    for (const other of [authorizedInventory(test.inventory, { role: 'manager', locations: 'all' }), as('admin', 'LIS')]) {
      await forbidden(other.commands.removeWebhook({ id: webhook.id }, caller))
      await forbidden(other.queries.webhooks())
      expect(() => other.deliveries.page({ webhookId: webhook.id, first: 1 })).to.throw(Forbidden)
      expect((await other.queries.webhooksById([webhook.id])).value).to.deep.equal([undefined])
      expect(await kinds(other)).not.to.include('WebhookRegistered')
      expect((await other.events.find({ types: ['WebhookRegistered'] }, { first: 1 })).events).to.deep.equal([])
    }
    const { events: [registered] } = await chief.events.find({ types: ['WebhookRegistered'] }, { first: 1 })
    expect(await as('admin', 'LIS').events.event(registered!.id)).to.equal(undefined)
  })

  it('follows what happens at their locations, and refuses to follow others', async () => {
    const { head } = test.inventory.status()
    const stock = clerk.changes.stock({}, head)
    const log = clerk.changes.events({}, head)
    const low = clerk.changes.lowStock({}, head)
    const held = clerk.changes.reservations({}, head)
    for (const place of [OPO, LIS]) await chief.commands.setStockPolicy({ ...place, policy: { reorderPoint: 200 } }, caller)
    await reserved(OPO)
    const own = await reserved(OPO, LIS)
    await chief.commands.removeStock({ ...OPO, quantity: 1, reason: 'SOLD' }, caller)
    await chief.commands.removeStock({ ...LIS, quantity: 1, reason: 'SOLD' }, caller)
    expect((await stock.next()).value).to.have.nested.property('event.stream', 'stock:TEA@LIS')
    expect((await log.next()).value).to.have.property('stream', 'stock:TEA@LIS')
    expect((await low.next()).value).to.have.nested.property('event.stream', 'stock:TEA@LIS')
    expect((await held.next()).value).to.have.nested.property('reservation.id', own)
    for (const changes of [stock, log, low, held]) await changes.return?.()
    expect(() => clerk.changes.lowStock({ locations: ['OPO'] })).to.throw(Forbidden)
    expect(() => clerk.changes.stock({ locations: ['LIS', 'OPO'] })).to.throw(Forbidden)
    expect(() => clerk.changes.events({ locations: ['OPO'] })).to.throw(Forbidden)
  })
})
