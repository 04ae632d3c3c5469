import type { PERMISSIONS } from '../../src/application/access/permissions.ts'

/** What there is at each location, as the rows ask for it. */
export interface Place { readonly location: string; readonly reservation: string; readonly incoming: string; readonly outgoing: string }

/** A field with its arguments and what is selected of it, at a location. */
type Ask = (place: Place) => string

/** Where it is hidden elsewhere, how that shows: what it gives at the caller's own location, and not at another. */
export interface Row { readonly ask: Ask; readonly shows?: (data: never) => unknown }

type Names<Root extends keyof typeof PERMISSIONS> = keyof (typeof PERMISSIONS)[Root]

const always = (text: string): Row => ({ ask: () => text })
const input = (name: string, fields: (place: Place) => string): Row => ({ ask: (place) => `${name}(input: { ${fields(place)} }) { userErrors { code } }` })
const stock = (name: string, more: string): Row => input(name, ({ location }) => `sku: "NONE", location: "${location}", ${more}`)
const totalCount = ({ totalCount: count }: { totalCount: number }): number => count
const line = ({ location }: Place): string => `{ sku: "TEA", location: "${location}", quantity: 1 }`

export const QUERIES: Readonly<Record<Names<'Query'>, Row>> = {
  me: always('me { role }'),
  system: always('system { version }'),
  node: { ask: ({ location }) => `node(id: "stock:TEA@${location}") { id }`, shows: Boolean },
  product: always('product(sku: "TEA") { name }'),
  products: always('products { totalCount }'),
  location: { ask: ({ location }) => `location(code: "${location}") { name }` },
  locations: always('locations { totalCount }'),
  stockLevel: { ask: ({ location }) => `stockLevel(sku: "TEA", location: "${location}") { version }`, shows: Boolean },
  stockLevels: { ask: ({ location }) => `stockLevels(filter: { locations: ["${location}"] }) { totalCount }`, shows: totalCount },
  checkAvailability: {
    ask: ({ location }) => `checkAvailability(lines: [{ sku: "TEA", quantity: 1 }], locations: ["${location}"]) { isAvailable }`,
    shows: ({ isAvailable }: { isAvailable: boolean }) => isAvailable,
  },
  reservation: { ask: ({ reservation }) => `reservation(id: "${reservation}") { id }`, shows: Boolean },
  reservations: { ask: ({ location }) => `reservations(filter: { locations: ["${location}"] }) { totalCount }`, shows: totalCount },
  transfer: { ask: ({ outgoing }) => `transfer(id: "${outgoing}") { id }`, shows: Boolean },
  transfers: { ask: ({ location }) => `transfers(locations: ["${location}"]) { totalCount }`, shows: totalCount },
  events: { ask: ({ location }) => `events(filter: { locations: ["${location}"] }, first: 1) { nodes { id } }`, shows: ({ nodes }: { nodes: unknown[] }) => nodes.length },
  webhooks: always('webhooks { id }'),
  webhookDeliveries: always('webhookDeliveries(webhookId: "webhook:none") { totalCount }'),
}

/** Commands that whoever may give them is refused for what they say, so that none leaves an event. */
export const MUTATIONS: Readonly<Record<Names<'Mutation'>, Row>> = {
  registerProduct: always('registerProduct(input: { sku: "TEA", name: "Tea" }) { userErrors { code } }'),
  updateProduct: always('updateProduct(input: { sku: "NONE", name: "Tea" }) { userErrors { code } }'),
  discontinueProduct: always('discontinueProduct(input: { sku: "NONE" }) { userErrors { code } }'),
  openLocation: input('openLocation', ({ location }) => `code: "${location}", name: "There"`),
  updateLocation: input('updateLocation', ({ location }) => `code: "${location}", name: "There", expectedVersion: 99`),
  closeLocation: input('closeLocation', ({ location }) => `code: "${location}", expectedVersion: 99`),
  addStock: stock('addStock', 'quantity: 1'),
  removeStock: stock('removeStock', 'quantity: 1, reason: SOLD'),
  countStock: stock('countStock', 'counted: 1'),
  setStockAside: stock('setStockAside', 'quantity: 1, reason: DAMAGED'),
  putStockBack: stock('putStockBack', 'quantity: 1'),
  setStockPolicy: stock('setStockPolicy', 'safetyStock: 1'),
  applyMovements: input('applyMovements', ({ location }) => `movements: [{ sku: "NONE", location: "${location}", delta: 1 }]`),
  reserveStock: input('reserveStock', ({ location }) => `lines: [{ sku: "NONE", location: "${location}", quantity: 1 }]`),
  extendReservation: input('extendReservation', ({ reservation }) => `id: "${reservation}", expiresInSeconds: 60, expectedVersion: 99`),
  fulfillReservation: input('fulfillReservation', (place) => `id: "${place.reservation}", lines: [${line(place)}], expectedVersion: 99`),
  releaseReservation: input('releaseReservation', ({ reservation }) => `id: "${reservation}", expectedVersion: 99`),
  dispatchTransfer: input('dispatchTransfer', ({ location }) => `from: "${location}", to: "FAR", lines: [{ sku: "NONE", quantity: 1 }]`),
  receiveTransfer: input('receiveTransfer', ({ incoming }) => `id: "${incoming}", expectedVersion: 99`),
  cancelTransfer: input('cancelTransfer', ({ outgoing }) => `id: "${outgoing}", expectedVersion: 99`),
  registerWebhook: always('registerWebhook(input: { url: "http://10.0.0.1/", eventTypes: ["*"] }) { userErrors { code } }'),
  updateWebhook: always('updateWebhook(input: { id: "webhook:none", isEnabled: false }) { userErrors { code } }'),
  removeWebhook: always('removeWebhook(input: { id: "webhook:none" }) { userErrors { code } }'),
  redeliver: always('redeliver(input: { deliveryId: "none" }) { userErrors { code } }'),
}

/** Each is told of what was before it began, so that its first change comes at once. `START` stands for where the log begins. */
export const SUBSCRIPTIONS: Readonly<Record<Names<'Subscription'>, Row>> = {
  stockChanged: { ask: ({ location }) => `stockChanged(locations: ["${location}"], after: "START") { cursor }` },
  lowStock: { ask: ({ location }) => `lowStock(locations: ["${location}"], after: "START") { isLow }` },
  // The reservation of the other location came first: a caller who is bound sees their own before it.
  reservationChanged: { ask: () => 'reservationChanged(after: "START") { reservation { lines { location } } }' },
  events: { ask: ({ location }) => `events(filter: { locations: ["${location}"] }, after: "START") { id }` },
}
