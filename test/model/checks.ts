import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import { projections } from '../../src/application/projections/index.ts'
import type { RecordedEvent } from '../../src/application/ports.ts'
import type { ReservationView, StockLevelView, TransferView } from '../../src/application/views.ts'
import { type Level, onTheWay, openOf, type Truth } from './truth.ts'
import type { World } from './world.ts'

/** chai's words, node's speed. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what).to.deep.equal(expected)
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
const given = (level: Level): Level | undefined => (level.version === 0 ? undefined : level)

/** What the queries show of a run's goods. */
interface Shown {
  readonly levels: readonly StockLevelView[]
  readonly reservations: readonly ReservationView[]
  readonly transfers: readonly TransferView[]
}

const KINDS = ['product', 'location', 'stock', 'reservation', 'transfer'] as const
const kindOf = (stream: string): string => stream.slice(0, stream.indexOf(':'))

/** What the queries show of all kinds that events touched, against the truth, the invariants and a fold of the streams. */
export async function checkStep(truth: Truth, world: World, events: readonly RecordedEvent[]): Promise<void> {
  const streams = new Set(events.map(({ stream }) => stream))
  checkInvariants(truth, await compareShown(truth, world, new Set([...streams].map(kindOf))))
  for (const stream of streams) await checkFold(world, stream)
  equal(events.at(-1)?.position, world.store.head(), "the last event is the log's end")
}

/** All that the queries show. */
export async function checkEnd(truth: Truth, world: World): Promise<void> {
  checkInvariants(truth, await compareShown(truth, world, new Set(KINDS)))
}

async function compareShown(truth: Truth, { inventory: { queries } }: World, kinds: ReadonlySet<string>): Promise<Shown> {
  const keys = truth.skus.flatMap((sku) => truth.codes.map((location) => ({ sku, location })))
  const levels = (await queries.stockLevels(keys)).value
  equal(levels, keys.map(({ sku, location }) => given(truth.level(sku, location))), 'stock levels')
  if (kinds.has('reservation')) equal((await queries.reservations(truth.reservations.map(({ id }) => id))).value, truth.reservations, 'reservations')
  if (kinds.has('transfer')) equal((await queries.transfers(truth.transfers.map(({ id }) => id))).value, truth.transfers, 'transfers')
  if (kinds.has('product')) equal((await queries.products(truth.skus)).value.map(knownOf), truth.skus.map((sku) => truth.products.get(sku)), 'products')
  if (kinds.has('location')) equal((await queries.locations(truth.codes)).value.map(knownOf), truth.codes.map((code) => truth.locations.get(code)), 'locations')
  return { levels: levels.filter((level) => level !== undefined), reservations: truth.reservations, transfers: truth.transfers }
}

/** What the truth knows of a product or location. */
const knownOf = (row: { readonly name: string; readonly status: string; readonly version: number } | undefined) =>
  row && { name: row.name, status: row.status, version: row.version }

/** Read off what the world shows alone. */
function checkInvariants(truth: Truth, { levels, reservations, transfers }: Shown): void {
  for (const { sku, location, onHand, reserved, unavailable, incoming, allowNegative, backorderLimit } of levels) {
    const name = `${sku} at ${location}`
    if (reserved < 0 || unavailable < 0) throw new Error(`${name}: reserved ${reserved}, unavailable ${unavailable}`)
    if (!allowNegative && (onHand < 0 || reserved + unavailable > onHand + backorderLimit)) throw new Error(`${name} is oversold: ${JSON.stringify({ onHand, reserved, unavailable, backorderLimit })}`)
    const held = reservations.filter(({ status }) => status === 'OPEN').flatMap(({ lines }) => lines.filter((line) => line.sku === sku && line.location === location))
    equal(reserved, sum(held.map(openOf)), `${name}: reserved is what open reservations hold`)
    const coming = transfers.filter(({ status, to }) => status === 'IN_TRANSIT' && to === location).flatMap(({ lines }) => lines.filter((line) => line.sku === sku))
    equal(incoming, sum(coming.map(onTheWay)), `${name}: incoming is what transfers bring`)
  }
  for (const sku of truth.skus) {
    const onHand = sum(levels.filter((level) => level.sku === sku).map((level) => level.onHand))
    const moved = transfers.flatMap(({ status, lines }) => lines.filter((line) => line.sku === sku).map((line) => ({ missing: line.missing, onTheWay: status === 'IN_TRANSIT' ? onTheWay(line) : 0 })))
    equal(onHand + sum(moved.map((line) => line.onTheWay + line.missing)), truth.balance.get(sku) ?? 0, `${sku}: goods are conserved`)
  }
}

/** The stream from its first event on gives the row that was projected, field for field. */
async function checkFold({ store, inventory: { queries } }: World, stream: string): Promise<void> {
  const all = await store.readStream(stream, 1)
  equal(all.map(({ version }) => version), all.map((_, index) => index + 1), `${stream}: versions are contiguous`)
  const projection = projections.find(({ keyOf }) => keyOf(all[0]!) !== undefined)!
  let row: object | undefined
  for (const event of all) row = projection.evolve(row, event)
  const kind = kindOf(stream)
  if (kind === 'stock') equal((await queries.stockLevels([row as StockLevelView])).value[0], row, `${stream} folded`)
  if (kind === 'reservation') equal((await queries.reservations([(row as ReservationView).id])).value[0], row, `${stream} folded`)
  if (kind === 'transfer') equal((await queries.transfers([(row as TransferView).id])).value[0], row, `${stream} folded`)
}

/** Any moment of any level as the truth remembers it, one by one, and as a page where that is wanted. */
export async function checkPast(truth: Truth, { inventory: { queries } }: World, moment: { readonly asOf?: number; readonly knownAt?: number }, isPage: boolean): Promise<void> {
  const keys = truth.skus.flatMap((sku) => truth.codes.map((location) => ({ sku, location })))
  const expected = keys.map(({ sku, location }) => truth.past(sku, location, moment))
  equal((await queries.stockLevelsAt(keys, moment)).value, expected, `stock levels at ${JSON.stringify(moment)}`)
  if (!isPage) return
  const page = await queries.stockPage({ moment, skus: truth.skus, orderBy: 'SKU', direction: 'ASC', first: keys.length })
  equal([...page.items].sort(byKey), expected.filter((level) => level !== undefined).sort(byKey), `page of stock levels at ${JSON.stringify(moment)}`)
  equal(page.totalCount, page.items.length, 'totalCount of the page')
}

const byKey = (a: Level | StockLevelView, b: Level | StockLevelView): number => (JSON.stringify([a.sku, a.location]) < JSON.stringify([b.sku, b.location]) ? -1 : 1)
