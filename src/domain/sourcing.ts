import type { ReservedLine } from './events.ts'

/** As few locations as can be; in the order of the locations; where most is available. */
export type SourcingStrategy = 'FEWEST_LOCATIONS' | 'PRIORITY' | 'MOST_AVAILABLE'

export interface WantedLine { readonly sku: string; readonly quantity: number }

export interface SourcingRequest {
  readonly lines: readonly WantedLine[]
  /** What can be promised, each SKU and location once. */
  readonly supply: readonly ReservedLine[]
  readonly strategy: SourcingStrategy
  /** Locations in order of preference; those that it doesn't name come after them, by their code. */
  readonly priority?: readonly string[]
  /** Locations that goods are taken from anyway, so that taking more from them makes no more locations. */
  readonly taken?: Iterable<string>
}

export interface SourcedLine {
  readonly sku: string
  readonly requested: number
  /** What lines before it leave of the SKU, over all locations. */
  readonly availableToPromise: number
  /** Adds up to what was requested; empty where that is more than there is. */
  readonly sourcing: readonly ReservedLine[]
}

interface Place { readonly location: string; readonly left: Map<string, number> }
type Needs = ReadonlyMap<string, number>

/**
 * Where each line is taken from. A line gets all that it asks for, from several locations if need be, or nothing, and
 * then leaves all to the lines after it. The same request has the same answer: what is equally good goes by priority.
 */
export function source({ lines, supply, strategy, priority = [], taken = [] }: SourcingRequest): readonly SourcedLine[] {
  const answers = promised(lines, supply)
  const places = placesOf(supply, priority)
  const within = strategy === 'FEWEST_LOCATIONS' ? fewest(needsOf(answers), places, new Set(taken)) : places
  return answers.map(({ isServed, ...line }) => ({ ...line, sourcing: isServed ? take(line, within, strategy) : [] }))
}

function promised(lines: readonly WantedLine[], supply: readonly ReservedLine[]) {
  const left = new Map<string, number>()
  for (const { sku, quantity } of supply) left.set(sku, Math.min(Number.MAX_SAFE_INTEGER, (left.get(sku) ?? 0) + quantity))
  return lines.map(({ sku, quantity: requested }) => {
    const availableToPromise = left.get(sku) ?? 0
    const isServed = requested <= availableToPromise
    if (isServed) left.set(sku, availableToPromise - requested)
    return { sku, requested, availableToPromise, isServed }
  })
}

function placesOf(supply: readonly ReservedLine[], priority: readonly string[]): readonly Place[] {
  const places = new Map<string, Place>()
  for (const { sku, location, quantity } of supply) {
    const place = places.get(location) ?? { location, left: new Map<string, number>() }
    places.set(location, place)
    place.left.set(sku, quantity)
  }
  const ranks = new Map(priority.map((location, rank) => [location, rank]))
  const rank = ({ location }: Place): number => ranks.get(location) ?? ranks.size
  return [...places.values()].sort((a, b) => rank(a) - rank(b) || (a.location < b.location ? -1 : 1))
}

function needsOf(lines: readonly { readonly sku: string; readonly requested: number; readonly isServed: boolean }[]): Needs {
  const needs = new Map<string, number>()
  for (const { sku, requested, isServed } of lines) if (isServed) needs.set(sku, (needs.get(sku) ?? 0) + requested)
  return needs
}

function take({ sku, requested }: { readonly sku: string; readonly requested: number }, places: readonly Place[], strategy: SourcingStrategy): readonly ReservedLine[] {
  const there = ({ left }: Place): number => left.get(sku) ?? 0
  const inOrder = strategy === 'PRIORITY' ? places : places.toSorted((a, b) => there(b) - there(a))
  const parts: ReservedLine[] = []
  let missing = requested
  for (const place of inOrder) {
    const quantity = Math.min(missing, there(place))
    if (quantity === 0) continue
    place.left.set(sku, there(place) - quantity)
    parts.push({ sku, location: place.location, quantity })
    missing -= quantity
  }
  return parts
}

/**
 * The smallest set is found by looking at all sets of one location, of two, and so on. That is as hard as covering
 * sets is: past so many looks, each location in turn is the one that gives most of what is still needed, which may
 * take a few locations more.
 */
const LOOKS_MAX = 100_000

function fewest(needs: Needs, places: readonly Place[], taken: ReadonlySet<string>): readonly Place[] {
  const first = places.filter(({ location }) => taken.has(location))
  const open = first.reduce(without, needs)
  const others = places.filter((place) => !taken.has(place.location) && given(open, place) > 0)
  return [...first, ...(smallestCover(open, others) ?? greedyCover(open, others))]
}

function smallestCover(needs: Needs, places: readonly Place[]): readonly Place[] | undefined {
  let sets = 1
  let looks = 0
  for (let size = 0; size <= places.length; size++) {
    const found = cover(needs, places, size)
    if (found) return found
    sets = (sets * (places.length - size)) / (size + 1)
    looks += sets * needs.size
    if (looks > LOOKS_MAX) return undefined
  }
  return undefined
}

/** The first so many of these places that together give all that is needed. */
function cover(needs: Needs, places: readonly Place[], size: number): readonly Place[] | undefined {
  if (needs.size === 0) return []
  if (size === 0) return undefined
  for (const [index, place] of places.entries()) {
    const rest = cover(without(needs, place), places.slice(index + 1), size - 1)
    if (rest) return [place, ...rest]
  }
  return undefined
}

function greedyCover(needs: Needs, places: readonly Place[]): readonly Place[] {
  if (needs.size === 0) return []
  const gains = new Map(places.map((place) => [place, given(needs, place)]))
  const best = places.reduce((a, b) => ((gains.get(b) ?? 0) > (gains.get(a) ?? 0) ? b : a))
  return [best, ...greedyCover(without(needs, best), places.filter((place) => place !== best))]
}

const without = (needs: Needs, { left }: Place): Needs =>
  new Map([...needs].map(([sku, need]) => [sku, need - (left.get(sku) ?? 0)] as const).filter(([, need]) => need > 0))

const given = (needs: Needs, { left }: Place): number =>
  [...needs].reduce((sum, [sku, need]) => sum + Math.min(need, left.get(sku) ?? 0), 0)
