import { DomainError, type ErrorDetails } from '../../domain/errors.ts'
import type { ReservedLine } from '../../domain/events.ts'
import { requireCount } from '../../domain/lines.ts'
import { type Location, requireOpen } from '../../domain/location.ts'
import { requireActive } from '../../domain/product.ts'
import { StockQuantity } from '../../domain/quantity.ts'
import { RESERVATION_LINES_MAX } from '../../domain/reservation.ts'
import { source, type WantedLine } from '../../domain/sourcing.ts'
import { availableToPromise, type StockLevel } from '../../domain/stock-level.ts'
import { identifier } from '../../domain/text.ts'
import { type AnyStream, locationStream, productStream } from '../streams.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { CommandContext } from './context.ts'
import type { ReserveStock } from './promise-types.ts'
import { Refusals } from './refusals.ts'
import { dispatchStock, type StockTarget, stockTarget } from './stock-levels.ts'

interface Line extends WantedLine { readonly index: number }

/** What is to be reserved, and where it may come from. */
export interface Basket {
  /** Lines with a location. */
  readonly placed: readonly (Line & { readonly target: StockTarget })[]
  /** Lines whose location is picked here. */
  readonly sourced: readonly Line[]
  readonly locations: readonly string[] | undefined
  readonly strategy: ReserveStock['strategy']
}

const LOCATIONS_MAX = 1_000
/** So many stock levels are held in memory at once for one command, and no more. */
const CANDIDATES_MAX = 50_000
/** So many versions are told with a refusal. */
const VERSIONS_MAX = 100

/** The lines of the command, each checked. */
export function readBasket({ lines, locations, strategy }: ReserveStock): Basket {
  requireCount(lines, RESERVATION_LINES_MAX)
  if (locations) requireCount(locations, LOCATIONS_MAX, 'locations')
  const refusals = new Refusals()
  const placed: (Line & { target: StockTarget })[] = []
  const sourced: Line[] = []
  for (const [index, { sku, location, quantity }] of lines.entries()) {
    refusals.attemptLine(index, () => {
      identifier(sku, 'sku')
      StockQuantity.atLeast(1, quantity)
      if (location === undefined) sourced.push({ index, sku, quantity })
      else placed.push({ index, sku, quantity, target: stockTarget({ sku, location }) })
    })
  }
  for (const [index, code] of (locations ?? []).entries()) refusals.attempt(['locations'], () => identifier(code, String(index)))
  refusals.throwAny()
  return { placed, sourced, locations, strategy }
}

/** The stock levels that lines without a location may be taken from: where the read model shows that there is something. */
export async function candidatesOf({ readModel }: CommandContext, { sourced, ...basket }: Basket, within?: readonly string[]): Promise<readonly StockTarget[]> {
  if (sourced.length === 0) return []
  const locations = within ? basket.locations?.filter((code) => within.includes(code)) ?? within : basket.locations
  const skus = [...new Set(sourced.map(({ sku }) => sku))]
  const { value } = await readModel.promisable({ skus, ...(locations && { locations }), first: CANDIDATES_MAX + 1 })
  if (value.length <= CANDIDATES_MAX) return value.map(stockTarget)
  throw new DomainError('LIMIT_EXCEEDED', 'There are too many places to pick from: name fewer in locations, or a location in the lines.', { max: CANDIDATES_MAX }, ['locations'])
}

/** All streams that the allocation looks at. */
export function streamsOf({ placed, sourced, locations = [] }: Basket, candidates: readonly StockTarget[]): readonly AnyStream[] {
  const streams = new Map<string, AnyStream>()
  const add = (stream: AnyStream): void => { streams.set(stream.name, stream) }
  for (const { target } of placed) Object.values(target.streams).forEach(add)
  for (const { sku } of sourced) add(productStream(sku))
  for (const target of candidates) Object.values(target.streams).forEach(add)
  for (const code of locations) add(locationStream(code))
  return [...streams.values()]
}

/**
 * Reserves line by line, each on what those before it have left. First those that name their location, since they have
 * no choice; then the others are sourced from what is there. Every line that can't be served is told of at once.
 */
export function allocate(work: UnitOfWork, basket: Basket, candidates: readonly StockTarget[], reservationId: string): readonly ReservedLine[] {
  const { placed, sourced, locations = [] } = basket
  const refusals = new Refusals()
  const reserve = (index: number, target: StockTarget, quantity: number): void => {
    refusals.attemptLine(index, () => { dispatchStock(work, target, { type: 'ReserveStock', reservationId, quantity }) })
  }
  for (const [index, code] of locations.entries()) {
    refusals.attempt(['locations'], () => work.check(locationStream(code), (location) => requireOpen(location, code, String(index))))
  }
  for (const { index, target, quantity } of placed) reserve(index, target, quantity)
  const known = sourced.filter(({ index, sku }) => refusals.attemptLine(index, () => work.check(productStream(sku), (product) => requireActive(product, sku))))
  const sourcings = sourcingOf(work, { ...basket, sourced: known }, candidates)
  for (const { index, parts, shortage } of sourcings) {
    if (shortage) refusals.attemptLine(index, () => { throw shortage })
    for (const part of parts) reserve(index, stockTarget(part), part.quantity)
  }
  refusals.throwAny()
  return inOrder([...placed.map(({ index, target: { sku, location }, quantity }) => ({ index, parts: [{ sku, location, quantity }] })), ...sourcings])
}

function sourcingOf(work: UnitOfWork, { placed, sourced, locations = [], strategy }: Basket, candidates: readonly StockTarget[]) {
  const supply = candidates
    .filter(({ streams }) => work.state<Location>(streams.location).status === 'open')
    .map(({ sku, location, streams }) => ({ sku, location, quantity: availableToPromise(work.state<StockLevel>(streams.stock)) }))
  const lines = source({ lines: sourced, supply, strategy, priority: locations, taken: placed.map(({ target }) => target.location) })
  return sourced.map(({ index, sku, quantity: requested }, at) => {
    const { sourcing = [], availableToPromise: left = 0 } = lines[at] ?? {}
    return { index, parts: sourcing, shortage: requested > left ? shortageOf(sku, requested, left).with({ versions: versionsOf(work, sku, candidates) }) : undefined }
  })
}

const shortageOf = (sku: string, requested: number, left: number): DomainError =>
  new DomainError('INSUFFICIENT_STOCK', `Only ${left} of ${sku} available to promise.`, { requested, availableToPromise: left }, ['quantity'])

/** Where it was looked for, and at which version; of very many places the first ones. */
const versionsOf = (work: UnitOfWork, sku: string, candidates: readonly StockTarget[]): ErrorDetails =>
  Object.fromEntries(candidates.filter((target) => target.sku === sku).slice(0, VERSIONS_MAX)
    .map(({ location, streams }) => [location, work.seenVersion(streams.stock)]))

const inOrder = (lines: readonly { readonly index: number; readonly parts: readonly ReservedLine[] }[]): readonly ReservedLine[] =>
  lines.toSorted((a, b) => a.index - b.index).flatMap(({ parts }) => parts)
