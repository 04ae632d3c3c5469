import type { Queries } from '../inventory.ts'
import type { At, ReservationView, StockLevelView, TotalsView, TransferView } from '../views.ts'
import type { WebhookQueries } from './authorized-webhooks.ts'
import { among } from './scope.ts'

/** Webhooks are not a matter of location. */
type BoundQueries = Omit<Queries, keyof WebhookQueries>

/** What one who is bound to locations sees: what is elsewhere is as if it were not there. The catalogue is for all. */
export function authorizedQueries(queries: Queries, own: ReadonlySet<string>): BoundQueries {
  const isHere = ({ location }: { readonly location: string }): boolean => own.has(location)
  const isHeldHere = ({ lines }: ReservationView): boolean => lines.some(isHere)
  const isOnItsWay = ({ from, to }: TransferView): boolean => own.has(from) || own.has(to)
  const within = [...own]
  return {
    atHand: queries.atHand && {
      ...queries.atHand,
      stockLevel(key) {
        const found = queries.atHand?.stockLevel(key)
        return found && (isHere(key) ? found : { ...found, value: undefined })
      },
    },
    products: (skus) => queries.products(skus),
    locations: (codes) => queries.locations(codes),
    productPage: (query) => queries.productPage(query),
    locationPage: (query) => queries.locationPage(query),
    stockLevels: async (keys) => seen<StockLevelView>(await queries.stockLevels(keys), isHere),
    stockLevelsAt: async (keys, moment) => seen<StockLevelView>(await queries.stockLevelsAt(keys, moment), isHere),
    async onHandAt(key, occurredAt) {
      const found = await queries.onHandAt(key, occurredAt)
      return isHere(key) ? found : { ...found, value: NOTHING }
    },
    stockPage: (query) => queries.stockPage({ ...query, locations: among(own, query.locations) }),
    totals: (skus, locations) => queries.totals(skus, among(own, locations)),
    async locationTotals(codes) {
      const { value, ...at } = await queries.locationTotals(codes)
      return { ...at, value: value.map((totals, index) => (own.has(codes[index] ?? '') ? totals : NO_TOTALS)) }
    },
    reservations: async (ids) => seen(await queries.reservations(ids), isHeldHere),
    reservationPage: (query) => queries.reservationPage({ ...query, within }),
    transfers: async (ids) => seen(await queries.transfers(ids), isOnItsWay),
    transferPage: (query) => queries.transferPage({ ...query, within }),
  }
}

const NOTHING = { onHand: 0, version: 0 }
const NO_TOTALS: TotalsView = { onHand: 0, reserved: 0, unavailable: 0, available: 0, incoming: 0, safetyStock: 0, availableToPromise: 0 }

const seen = <View>({ value, ...at }: At<readonly (View | undefined)[]>, isSeen: (view: View) => boolean): At<readonly (View | undefined)[]> =>
  ({ ...at, value: value.map((view) => (view !== undefined && isSeen(view) ? view : undefined)) })
