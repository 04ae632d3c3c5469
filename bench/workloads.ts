import { LOCATION, skuAt } from './seed.ts'

/** What is measured: each a stream of requests to /graphql, and the part of its baseline that it is to reach. */
export interface Workload {
  readonly name: string
  readonly connections: number
  /** What it is compared with on the same server; plain node:http where it is left out. */
  readonly baseline?: Workload
  /** At least so many times the requests of the baseline in a CPU second. */
  readonly atLeast: number
  /** So many requests at least before anything is counted. */
  readonly warmUp: number
  /** Where the server is asked, if it is not where its URL says. */
  readonly path?: string
  /** The n-th request. `run` differs with every run, so that idempotency keys and the like are new. */
  body(n: number, run: number): string
}

export const SKUS = 10_000
/** A cached answer is there once it was asked for; what is asked of every SKU is asked so often before it counts. */
const WARM_UP = 3 * SKUS

const skuOf = (n: number): string => skuAt(n % SKUS)
/** Not one after the other, so that neighbours in time are no neighbours in an index. */
const spread = (n: number): string => skuOf((n * 7_919) % SKUS)

export const request = (query: string, variables: object): string => JSON.stringify({ query, variables })

export const POINT = `query ($sku: String!, $location: String!) { stockLevel(sku: $sku, location: $location) {
  product { sku name } location { code name } quantities { onHand reserved available } version } }`

const PAGE = `query ($first: Int!, $locations: [String!]) { stockLevels(filter: { locations: $locations }, first: $first) { nodes {
  product { sku name } location { code name } quantities { onHand reserved available } version } } }`

const ADD = `mutation ($input: AddStockInput!) { addStock(input: $input) { stockLevel { version quantities { onHand } } userErrors { code } } }`
const REMOVE = `mutation ($input: RemoveStockInput!) { removeStock(input: $input) { stockLevel { version quantities { onHand } } userErrors { code } } }`
const RESERVE = `mutation ($input: ReserveStockInput!) { reserveStock(input: $input) { reservation { id status } userErrors { code } } }`
const APPLY = `mutation ($input: ApplyMovementsInput!) { applyMovements(input: $input) { applied userErrors { code } } }`

export interface Place { readonly sku: string; readonly location: string }

const at = (sku: string): Place => ({ sku, location: LOCATION })

export const pointQuery = (place: Place): string => request(POINT, place)
export const page = (): string => request(PAGE, { first: 50, locations: [LOCATION] })
export const reserve = (place: Place): string => request(RESERVE, { input: { lines: [{ ...place, quantity: 1 }] } })
export const addStock = (place: Place): string => request(ADD, { input: { ...place, quantity: 1 } })

export const MOVEMENT_ROWS = 1_000

const reserveSpread: Workload = { name: 'reserveStock, spread', connections: 128, atLeast: 0.45, warmUp: 0, body: (n) => reserve(at(spread(n))) }

export const workloads: readonly Workload[] = [
  { name: 'point query', connections: 32, atLeast: 0.6, warmUp: WARM_UP, body: (n) => pointQuery(at(spread(n))) },
  { name: 'page of 50', connections: 16, atLeast: 0.5, warmUp: 0, body: () => page() },
  reserveSpread,
  { name: 'reserveStock, one SKU', connections: 128, baseline: reserveSpread, atLeast: 0.9, warmUp: 0, body: () => reserve(at(skuOf(0))) },
  { name: 'addStock', connections: 128, atLeast: 0.45, warmUp: 0, body: (n) => addStock(at(spread(n))) },
  { name: 'removeStock', connections: 128, atLeast: 0.45, warmUp: 0, body: (n) => request(REMOVE, { input: { ...at(spread(n)), quantity: 1, reason: 'SOLD' } }) },
  {
    name: `applyMovements, ${MOVEMENT_ROWS} rows`, connections: 4, atLeast: 60_000 / 39_000 / MOVEMENT_ROWS, warmUp: 0,
    body: (n) => request(APPLY, { input: { movements: Array.from({ length: MOVEMENT_ROWS }, (_, row) => ({ ...at(spread(n * MOVEMENT_ROWS + row)), delta: 1 })) } }),
  },
]
