import type { Commands } from '../commands/types.ts'
import type { Identity, Role } from './identity.ts'
import { isPermitted } from './scope.ts'

/**
 * What there is at a location that the caller is not bound to. `same`: it is not a matter of location. `hidden`: as
 * if there were nothing. `forbidden`: to name it is refused. `closed`: it is for callers who are bound to none.
 */
export type Elsewhere = 'same' | 'hidden' | 'forbidden' | 'closed'

/** One line of the table. */
export interface Permission {
  /** The least role that may. */
  readonly least: Role
  readonly elsewhere: Elsewhere
  /** What a caller who is bound to locations gets, in words. */
  readonly bound: string
}

const of = (least: Role, elsewhere: Elsewhere, bound: string): Permission => ({ least, elsewhere, bound })
const ALL = 'all of it'
const AT_IT = 'at one of their locations'
const OWN_LEVELS = 'the stock at their locations'
const OWN_RESERVATIONS = 'those with a line at one of their locations, whole'
const OWN_TRANSFERS = 'those from or to one of their locations'
const OWN_EVENTS = 'those of their locations and of the stock there'

const WEBHOOKS = of('admin', 'closed', 'nothing: an endpoint is told of all locations')

const MUTATIONS: Readonly<Record<keyof Commands, Permission>> = {
  registerProduct: of('manager', 'same', ALL),
  updateProduct: of('manager', 'same', ALL),
  discontinueProduct: of('manager', 'same', ALL),
  openLocation: of('admin', 'forbidden', 'a code that is one of theirs'),
  updateLocation: of('manager', 'forbidden', 'one of their locations'),
  closeLocation: of('admin', 'forbidden', 'one of their locations'),
  addStock: of('clerk', 'forbidden', AT_IT),
  removeStock: of('clerk', 'forbidden', AT_IT),
  countStock: of('clerk', 'forbidden', AT_IT),
  setStockAside: of('clerk', 'forbidden', AT_IT),
  putStockBack: of('clerk', 'forbidden', AT_IT),
  setStockPolicy: of('manager', 'forbidden', AT_IT),
  applyMovements: of('clerk', 'forbidden', 'every row at one of their locations'),
  reserveStock: of('clerk', 'forbidden', 'every location that is named is theirs; lines without one are taken from theirs alone'),
  extendReservation: of('clerk', 'forbidden', 'every line at one of their locations'),
  fulfillReservation: of('clerk', 'forbidden', 'every line that is named, or all lines, at their locations'),
  releaseReservation: of('clerk', 'forbidden', 'every line that is named, or all lines, at their locations'),
  dispatchTransfer: of('clerk', 'forbidden', 'from one of their locations'),
  receiveTransfer: of('clerk', 'forbidden', 'to one of their locations'),
  cancelTransfer: of('clerk', 'forbidden', 'from one of their locations'),
  registerWebhook: WEBHOOKS,
  updateWebhook: WEBHOOKS,
  removeWebhook: WEBHOOKS,
  redeliver: WEBHOOKS,
}

/** Who may do and see what: every query, command and subscription of the API by its name there. docs/permissions.md prints it. */
export const PERMISSIONS = {
  Query: {
    me: of('reader', 'same', ALL),
    system: of('reader', 'same', ALL),
    node: of('reader', 'hidden', 'what they see otherwise'),
    product: of('reader', 'same', 'the product; its stock and totals at their locations'),
    products: of('reader', 'same', 'all products; their stock and totals at their locations'),
    location: of('reader', 'same', 'the location; its stock where it is theirs'),
    locations: of('reader', 'same', 'all locations; their stock where they are theirs'),
    stockLevel: of('reader', 'hidden', OWN_LEVELS),
    stockLevels: of('reader', 'hidden', OWN_LEVELS),
    checkAvailability: of('reader', 'hidden', OWN_LEVELS),
    reservation: of('reader', 'hidden', OWN_RESERVATIONS),
    reservations: of('reader', 'hidden', OWN_RESERVATIONS),
    transfer: of('reader', 'hidden', OWN_TRANSFERS),
    transfers: of('reader', 'hidden', OWN_TRANSFERS),
    events: of('reader', 'hidden', OWN_EVENTS),
    webhooks: WEBHOOKS,
    webhookDeliveries: WEBHOOKS,
  },
  Mutation: MUTATIONS,
  Subscription: {
    stockChanged: of('reader', 'forbidden', OWN_LEVELS),
    lowStock: of('reader', 'forbidden', OWN_LEVELS),
    reservationChanged: of('reader', 'hidden', OWN_RESERVATIONS),
    events: of('reader', 'forbidden', OWN_EVENTS),
  },
} as const satisfies Readonly<Record<'Query' | 'Mutation' | 'Subscription', Readonly<Record<string, Permission>>>>

/** The names of all that the caller may, each once. */
export function permissionsOf(identity: Identity): readonly string[] {
  const permitted = Object.values(PERMISSIONS).flatMap((fields) => Object.entries<Permission>(fields))
    .filter(([, permission]) => isPermitted(identity, permission))
  return [...new Set(permitted.map(([name]) => name))]
}
