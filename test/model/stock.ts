import { availableOf, type Level, onTheWay, openOf, type Policy, refuse, Refused, type Truth } from './truth.ts'

/** The stock commands and the catalogue, as they ought to be. Each throws Refused, and then has changed nothing. */
export interface Place { readonly sku: string; readonly location: string }
export interface Expecting { readonly expectedVersion?: number | undefined }

export function requireProduct(truth: Truth, sku: string, isToBeActive: boolean, field = 'sku'): void {
  const product = truth.products.get(sku) ?? refuse(`NOT_FOUND ${field}`)
  if (isToBeActive && product.status !== 'ACTIVE') refuse(`INVALID_STATE ${field}`)
}

export function requireOpen(truth: Truth, code: string, field = 'location'): void {
  const location = truth.locations.get(code) ?? refuse(`NOT_FOUND ${field}`)
  if (location.status !== 'OPEN') refuse(`INVALID_STATE ${field}`)
}

export function requireVersion(actual: number, { expectedVersion }: Expecting): void {
  if (expectedVersion !== undefined && expectedVersion !== actual) refuse('VERSION_CONFLICT expectedVersion')
}

function levelFor(truth: Truth, { sku, location, ...expecting }: Place & Expecting, isToBeActive = false): Level {
  requireProduct(truth, sku, isToBeActive)
  requireOpen(truth, location)
  const level = truth.level(sku, location)
  requireVersion(level.version, expecting)
  return level
}

export function add(truth: Truth, command: Place & Expecting & { quantity: number; occurredAt?: number | undefined }, now: number): void {
  const { sku, location, quantity, occurredAt } = command
  levelFor(truth, command, true)
  truth.post(sku, location, now, { onHand: quantity }, { occurredAt })
  truth.account(sku, quantity)
}

export function remove(truth: Truth, command: Place & Expecting & { quantity: number; occurredAt?: number | undefined }, now: number): void {
  const { sku, location, quantity, occurredAt } = command
  const level = levelFor(truth, command)
  if (!level.allowNegative && quantity > availableOf(level)) refuse('INSUFFICIENT_STOCK quantity')
  truth.post(sku, location, now, { onHand: -quantity }, { occurredAt })
  truth.account(sku, -quantity)
}

/** A count of a past moment is one of what was there then, by all that is known today. */
export function count(truth: Truth, command: Place & Expecting & { counted: number; occurredAt?: number | undefined }, now: number): void {
  const { sku, location, counted, occurredAt } = command
  const level = levelFor(truth, command)
  const then = occurredAt === undefined ? level.onHand : truth.past(sku, location, { asOf: occurredAt })?.onHand ?? 0
  const onHand = level.onHand + counted - then
  if (!level.allowNegative && (onHand < 0 || level.reserved + level.unavailable > onHand + level.backorderLimit)) refuse('INSUFFICIENT_STOCK quantity')
  truth.post(sku, location, now, { onHand: counted - then }, { occurredAt })
  truth.account(sku, counted - then)
}

export function setAside(truth: Truth, command: Place & Expecting & { quantity: number }, now: number): void {
  const { sku, location, quantity } = command
  if (quantity > availableOf(levelFor(truth, command))) refuse('INSUFFICIENT_STOCK quantity')
  truth.post(sku, location, now, { unavailable: quantity })
}

export function putBack(truth: Truth, command: Place & Expecting & { quantity: number }, now: number): void {
  const { sku, location, quantity } = command
  if (quantity > levelFor(truth, command).unavailable) refuse('INSUFFICIENT_STOCK quantity')
  truth.post(sku, location, now, { unavailable: -quantity })
}

export function setPolicy(truth: Truth, command: Place & Expecting & { policy: Partial<Policy> }, now: number): void {
  const { sku, location } = command
  const level = levelFor(truth, command)
  const policy = Object.fromEntries(Object.entries(command.policy).filter(([name, value]) => level[name as keyof Policy] !== value)) as Partial<Policy>
  if (Object.keys(policy).length === 0) return
  const { allowNegative, backorderLimit } = { ...level, ...policy }
  if (!allowNegative && level.onHand < 0) refuse('INVALID_STATE allowNegative')
  if (!allowNegative && level.reserved + level.unavailable > level.onHand + backorderLimit) refuse('INVALID_STATE backorderLimit')
  truth.post(sku, location, now, {}, { policy })
}

export interface Movement extends Place { readonly delta: number; readonly occurredAt?: number | undefined }
export interface MovementsOutcome { readonly applied: number; readonly refusals: readonly string[]; readonly stockLevels: readonly Level[] }

export function applyMovements(
  truth: Truth,
  { movements, errorPolicy, dryRun }: { movements: readonly Movement[]; errorPolicy: string; dryRun: boolean },
  now: number,
): MovementsOutcome {
  const refusals: string[] = []
  const touched = new Map<string, Place>()
  const work = (): MovementsOutcome => truth.atOnce(() => {
    for (const [index, { delta, ...movement }] of movements.entries()) {
      const { sku, location } = movement
      try {
        if (delta === 0) refuse('INVALID_INPUT delta')
        if (delta > 0) add(truth, { ...movement, quantity: delta }, now)
        else remove(truth, { ...movement, quantity: -delta }, now)
        touched.set(JSON.stringify([sku, location]), { sku, location })
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        refusals.push(...error.reasons.map((reason) => reason.replace('quantity', 'delta').replace(' ', ` movements.${index}.`)))
      }
    }
    if (errorPolicy === 'ALL_OR_NOTHING' && refusals.length > 0) throw new Refused(refusals)
    const stockLevels = [...touched.values()].map(({ sku, location }) => truth.level(sku, location))
    const outcome = { applied: movements.length - refusals.length, refusals, stockLevels }
    if (dryRun) throw new DryRun(outcome)
    return outcome
  })
  return unlessDry(work)
}

/** Takes a command back that was only tried, and keeps its answer. */
export class DryRun<Outcome> extends Error {
  constructor(readonly outcome: Outcome) { super() }
}

export function unlessDry<Outcome>(work: () => Outcome): Outcome {
  try {
    return work()
  } catch (error) {
    if (error instanceof DryRun) return error.outcome as Outcome
    throw error
  }
}

export function registerProduct(truth: Truth, sku: string): void {
  if (truth.products.has(sku)) refuse('ALREADY_EXISTS sku')
  truth.products.set(sku, { name: sku, status: 'ACTIVE', version: 1 })
}

export function updateProduct(truth: Truth, { sku, name, ...expecting }: { sku: string; name: string } & Expecting): void {
  const product = truth.products.get(sku)
  requireVersion(product?.version ?? 0, expecting)
  if (!product) return refuse('NOT_FOUND sku')
  if (product.name === name) return
  product.name = name
  product.version += 1
}

export function discontinueProduct(truth: Truth, sku: string): void {
  const product = truth.products.get(sku) ?? refuse('NOT_FOUND sku')
  if (product.status === 'DISCONTINUED') return
  product.status = 'DISCONTINUED'
  product.version += 1
}

export function openLocation(truth: Truth, code: string): void {
  if (truth.locations.has(code)) refuse('ALREADY_EXISTS code')
  truth.locations.set(code, { name: code, status: 'OPEN', version: 1 })
}

export function updateLocation(truth: Truth, code: string, name: string): void {
  requireOpen(truth, code, 'code')
  const location = truth.locations.get(code)
  if (!location || location.name === name) return
  location.name = name
  location.version += 1
}

/** What a location holds, as its closing has to name it. */
export const contentsOf = (truth: Truth, code: string) => ({
  skus: truth.knownLevels()
    .filter(({ location, onHand, reserved, unavailable, incoming }) => location === code && (onHand !== 0 || reserved !== 0 || unavailable !== 0 || incoming !== 0))
    .map(({ sku }) => sku).sort(),
  reservations: truth.reservations.filter(({ status, lines }) => status === 'OPEN' && lines.some((line) => line.location === code && openOf(line) > 0)).map(({ id }) => id).sort(),
  transfers: truth.transfers.filter(({ status, from, to, lines }) => status === 'IN_TRANSIT' && (from === code || to === code) && lines.some((line) => onTheWay(line) > 0)).map(({ id }) => id).sort(),
})

export function closeLocation(truth: Truth, code: string): void {
  const location = truth.locations.get(code) ?? refuse('NOT_FOUND code')
  if (location.status === 'CLOSED') return
  const { skus, reservations, transfers } = contentsOf(truth, code)
  if (skus.length + reservations.length + transfers.length > 0) refuse('INVALID_STATE code')
  location.status = 'CLOSED'
  location.version += 1
}
