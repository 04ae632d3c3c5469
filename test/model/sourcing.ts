/** Where goods are taken from, found by trying everything. */
export type Strategy = 'FEWEST_LOCATIONS' | 'PRIORITY' | 'MOST_AVAILABLE'
export interface Part { readonly sku: string; readonly location: string; readonly quantity: number }
export interface Wanted { readonly sku: string; readonly quantity: number }

/** `supply`: what may be promised, by SKU and location. `isShort`: more than there is of it after the lines before. */
export interface Sourced extends Wanted { readonly left: number; readonly isShort: boolean; readonly parts: readonly Part[] }

export interface Request {
  readonly wanted: readonly Wanted[]
  readonly supply: readonly Part[]
  readonly strategy: Strategy
  /** In this order; others after them, by name. */
  readonly priority: readonly string[]
  /** Locations that are used anyway. */
  readonly used: readonly string[]
}

export function sourceAll({ wanted, supply, strategy, priority, used }: Request): readonly Sourced[] {
  const left = new Map<string, number>()
  for (const { sku, quantity } of supply) left.set(sku, (left.get(sku) ?? 0) + quantity)
  const lines = wanted.map((line) => {
    const there = left.get(line.sku) ?? 0
    const isShort = line.quantity > there
    if (!isShort) left.set(line.sku, there - line.quantity)
    return { ...line, left: there, isShort }
  })
  const served = lines.filter(({ isShort }) => !isShort)
  const places = byPriority([...new Set(supply.map(({ location }) => location))], priority)
  const chosen = strategy === 'FEWEST_LOCATIONS' ? fewest(served, supply, places, used) : places
  const stock = supply.map((part) => ({ ...part }))
  return lines.map((line) => ({ ...line, parts: line.isShort ? [] : take(line, stock, chosen, strategy) }))
}

function byPriority(places: readonly string[], priority: readonly string[]): readonly string[] {
  const rank = (place: string): number => (priority.includes(place) ? priority.indexOf(place) : priority.length)
  return [...places].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** Of all sets of places that give everything, one that adds the fewest to those that are used anyway, the first by priority. */
function fewest(served: readonly Wanted[], supply: readonly Part[], places: readonly string[], used: readonly string[]): readonly string[] {
  const free = places.filter((place) => used.includes(place))
  const others = places.filter((place) => !used.includes(place))
  const needs = [...new Set(served.map(({ sku }) => sku))]
  const sum = (parts: readonly Wanted[], sku: string): number => parts.reduce((total, part) => total + (part.sku === sku ? part.quantity : 0), 0)
  const covers = (set: readonly string[]): boolean => needs.every((sku) => sum(supply.filter(({ location }) => set.includes(location)), sku) >= sum(served, sku))
  const sets = subsets(others).map((set) => [...free, ...set]).filter(covers)
  const least = Math.min(...sets.map(({ length }) => length))
  const ranks = (set: readonly string[]): string => set.map((place) => String(places.indexOf(place)).padStart(3, '0')).join()
  return sets.filter(({ length }) => length === least).sort((a, b) => (ranks(a) < ranks(b) ? -1 : 1))[0] ?? places
}

function subsets(items: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = items
  if (first === undefined) return [[]]
  return subsets(rest).flatMap((set) => [set, [first, ...set]])
}

/** Takes from the stock: in the order of the places, or first where most is. */
function take({ sku, quantity }: Wanted, stock: { sku: string; location: string; quantity: number }[], places: readonly string[], strategy: Strategy): readonly Part[] {
  const there = (place: string): number => stock.find((part) => part.sku === sku && part.location === place)?.quantity ?? 0
  const order = strategy === 'PRIORITY' ? places : [...places].sort((a, b) => there(b) - there(a))
  const parts: Part[] = []
  let missing = quantity
  for (const location of order) {
    const part = stock.find((each) => each.sku === sku && each.location === location)
    const taken = Math.min(missing, part?.quantity ?? 0)
    if (!part || taken === 0) continue
    part.quantity -= taken
    missing -= taken
    parts.push({ sku, location, quantity: taken })
  }
  return parts
}
