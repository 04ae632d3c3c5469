import { AnswerCache, type AnswerCachePorts, type Change, type Slot } from './answer-cache.ts'
import { locations, products, reservations, stockLevels, transfers } from './projections/index.ts'
import type { Digest, EventBus } from './ports.ts'
import type { Moment, PageRequest, Projected, ReadModel, RowChange, StockLevelKey, StockQuery } from './read-model.ts'
import type { At, LocationView, Page, ProductView, ReservationView, StockLevelView, TransferView } from './views.ts'

export interface CachedReadModelPorts extends AnswerCachePorts {
  readonly readModel: ReadModel
  /** Tells of every change before the command that made it is answered. */
  readonly bus: Pick<EventBus<Projected>, 'subscribe'>
  readonly digest: Digest
}

/**
 * The read model's answers, from the cache where nothing has touched them since. Where the read model is away, the
 * last known answer, marked stale; Unavailable where there is none.
 */
export function cachedReadModel(ports: CachedReadModelPorts): ReadModel {
  const { readModel, bus, digest } = ports
  const answers = new AnswerCache(ports)
  const ask = readModel.stockLevelNow?.bind(readModel)
  bus.subscribe((projected) => { take(answers, projected) })

  async function page<Item>(
    name: string, query: PageRequest, restsOn: readonly string[], ask: () => Promise<Page<Item>>,
  ): Promise<Page<Item>> {
    const slot = { key: `${name} page ${digest(normalised(query))}`, restsOn, fits: isPage }
    const { value: [found], ...at } = await answers.answer([slot], async () => asPart(await ask()))
    // What is added to a copy is added slowly: the few names go first.
    return Object.assign(at, found as Omit<Page<Item>, keyof typeof at>)
  }

  return {
    atHand: {
      product: (sku) => answers.now(rowSlot(products.name, sku)) as At<ProductView | undefined> | undefined,
      location: (code) => answers.now(rowSlot(locations.name, code)) as At<LocationView | undefined> | undefined,
      stockLevel: (key) => answers.now(rowSlot(stockLevels.name, pair(key)), ask && (() => ask(key))) as At<StockLevelView | undefined> | undefined,
    },
    products: (skus) => answers.answer(skus.map((sku) => rowSlot(products.name, sku)), () => readModel.products(skus)),
    locations: (codes) => answers.answer(codes.map((code) => rowSlot(locations.name, code)), () => readModel.locations(codes)),
    stockLevels: (keys) => answers.answer(keys.map((key) => rowSlot(stockLevels.name, pair(key))), () => readModel.stockLevels(keys)),
    reservations: (ids) => answers.answer(ids.map((id) => rowSlot(reservations.name, id)), () => readModel.reservations(ids)),
    transfers: (ids) => answers.answer(ids.map((id) => rowSlot(transfers.name, id)), () => readModel.transfers(ids)),
    totals: (skus, locations) => answers.answer(skus.map((sku) => totalsSlot(sku, locations)), () => readModel.totals(skus, locations)),
    locationTotals: (codes) => answers.answer(codes.map(locationTotalsSlot), () => readModel.locationTotals(codes)),
    productPage: (query) => page(products.name, query, [products.name], () => readModel.productPage(query)),
    locationPage: (query) => page(locations.name, query, [locations.name], () => readModel.locationPage(query)),
    stockPage: (query) => page(stockLevels.name, query, stockPageRestsOn(query), () => readModel.stockPage(query)),
    reservationPage: (query) => page(reservations.name, query, [reservations.name], () => readModel.reservationPage(query)),
    transferPage: (query) => page(transfers.name, query, [transfers.name], () => readModel.transferPage(query)),
    stockLevelsAfter: (keys) => readModel.stockLevelsAfter(keys),
    stockLevelsAt: (keys, moment) => answers.answer(keys.map((key) => pastSlot(key, moment)), () => readModel.stockLevelsAt(keys, moment)),
    onHandAt: (key, occurredAt) => readModel.onHandAt(key, occurredAt),
    locationContents: (code) => readModel.locationContents(code),
    dueReservations: (query) => readModel.dueReservations(query),
    promisable: (query) => answers.fresh(() => readModel.promisable(query)),
    webhooksById: (ids) => readModel.webhooksById(ids),
    webhooks: () => readModel.webhooks(),
  }
}

const pair = ({ sku, location }: StockLevelKey): string => JSON.stringify([sku, location])

/** What tells the rows of a projection from each other. */
const IDENTITIES: Readonly<Record<string, (row: never) => string>> = {
  [products.name]: ({ sku }: ProductView) => sku,
  [locations.name]: ({ code }: LocationView) => code,
  [stockLevels.name]: pair,
  [reservations.name]: ({ id }: ReservationView) => id,
  [transfers.name]: ({ id }: TransferView) => id,
}

const identityOf = (projection: string, row: object): string | undefined => IDENTITIES[projection]?.(row as never)
const rowKey = (projection: string, identity: string): string => `${projection} row ${identity}`
const totalsKey = (sku: string): string => `totals ${sku}`

/** That there is no such row is an answer, too. */
function rowSlot(projection: string, identity: string): Slot {
  const key = rowKey(projection, identity)
  return { key, restsOn: [key], fits: (value) => value === undefined || (isObject(value) && identityOf(projection, value) === identity) }
}

/** What happens to a level may have happened before the moment. */
function pastSlot(key: StockLevelKey, { asOf, knownAt }: Moment): Slot {
  const { restsOn, fits } = rowSlot(stockLevels.name, pair(key))
  return { key: `${stockLevels.name} past ${JSON.stringify([pair(key), asOf ?? null, knownAt ?? null])}`, restsOn, fits }
}

const totalsSlot = (sku: string, locations?: readonly string[]): Slot =>
  ({ key: locations ? `bound totals ${JSON.stringify([sku, locations])}` : totalsKey(sku), restsOn: [totalsKey(sku)], fits: (value) => isObject(value) && 'availableToPromise' in value })

const locationTotalsSlot = (code: string): Slot =>
  ({ key: `location totals ${code}`, restsOn: [stockLevels.name], fits: (value) => isObject(value) && 'availableToPromise' in value })

const isPage = (value: unknown): boolean => isObject(value) && 'items' in value && Array.isArray(value.items)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const asPart = <Item>({ position, stale, ...value }: Page<Item>): At<readonly object[]> => ({ value: [value], position, stale })

/** Stock of certain products changes with theirs alone. A search looks at products' names. */
const stockPageRestsOn = ({ skus, search = '' }: StockQuery): readonly string[] => [
  ...(skus ? skus.map(totalsKey) : [stockLevels.name]),
  ...(search.trim() === '' ? [] : [products.name]),
]

/** The same text for queries that ask for the same: lists of values are sets. */
const normalised = (query: object): string =>
  JSON.stringify(Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? [...new Set(value)].sort() : value])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)))

function take(answers: AnswerCache, { events, changes }: Projected): void {
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) return
  answers.advance(first.position - 1, last.position, changes.flatMap((change) => touched(change).map((key) => [key, change.event.position] as const)))
  void answers.refresh(lastOfEach(changes))
}

function touched({ projection, after }: RowChange): readonly string[] {
  const identity = identityOf(projection, after)
  if (identity === undefined) return [projection]
  const totals = projection === stockLevels.name ? [totalsKey((after as StockLevelView).sku)] : []
  return [rowKey(projection, identity), ...totals, projection]
}

/** Each changed row as its last event left it. */
function lastOfEach(changes: readonly RowChange[]): readonly Change[] {
  const last = new Map<string, Change>()
  for (const { projection, after, event: { position } } of changes) {
    const identity = identityOf(projection, after)
    if (identity === undefined) continue
    const key = rowKey(projection, identity)
    last.set(key, { key, position, value: after })
  }
  return [...last.values()]
}
