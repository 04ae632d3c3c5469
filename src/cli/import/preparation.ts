import { type ImportRow, isMovement } from './rows.ts'
import type { ImportTarget, Level, NewProduct } from './target.ts'

export interface PreparationOptions {
  readonly createMissing: boolean
  readonly allowNegative: boolean
  readonly dryRun: boolean
}

/** What was made for an import; in a dry run, what would have been. */
export interface Created { products: number; locations: number }

export interface Preparation {
  readonly created: Created
  /** Makes ready what the rows need. Asks only about what it has not seen before. */
  prepare(rows: readonly ImportRow[], importKey: string): Promise<void>
  /** In a dry run: that the row's product or location would first have been made, so that the store can't judge the row. */
  wouldBeNew(level: Level): boolean
}

export function createPreparation(target: ImportTarget, options: PreparationOptions): Preparation {
  const created: Created = { products: 0, locations: 0 }
  const seen = { products: new Set<string>(), locations: new Set<string>(), levels: new Set<string>() }
  const wouldBeNew = { products: new Set<string>(), locations: new Set<string>() }

  async function createMissing(rows: readonly ImportRow[], importKey: string): Promise<void> {
    const names = namesOf(rows)
    const skus = unseen(names.keys(), seen.products)
    const codes = unseen(locationsOf(rows), seen.locations)
    const [newSkus, newCodes] = await Promise.all([target.unknownProducts(skus), target.unknownLocations(codes)])
    if (options.dryRun) {
      for (const sku of newSkus) wouldBeNew.products.add(sku)
      for (const code of newCodes) wouldBeNew.locations.add(code)
      created.products += newSkus.length
      created.locations += newCodes.length
      return
    }
    const wanted = newSkus.map((sku): NewProduct => ({ sku, name: names.get(sku) ?? sku }))
    const [registered, opened] = await Promise.all([
      Promise.all(wanted.map((product) => target.registerProduct(product, importKey))),
      Promise.all(newCodes.map((code) => target.openLocation(code, importKey))),
    ])
    created.products += count(registered)
    created.locations += count(opened)
  }

  async function allowNegative(rows: readonly ImportRow[], importKey: string): Promise<void> {
    const levels = new Map(rows.filter(isMovement).map(({ movement }) => [nameOf(movement), movement]))
    const fresh = unseen(levels.keys(), seen.levels).flatMap((name) => levels.get(name) ?? [])
    const strict = await target.strictLevels(fresh)
    await Promise.all(strict.map((level) => target.allowNegative(level, importKey)))
  }

  return {
    created,
    async prepare(rows, importKey) {
      if (options.createMissing) await createMissing(rows, importKey)
      if (options.allowNegative && !options.dryRun) await allowNegative(rows, importKey)
    },
    wouldBeNew: ({ sku, location }) => wouldBeNew.products.has(sku) || wouldBeNew.locations.has(location),
  }
}

const nameOf = ({ sku, location }: Level): string => JSON.stringify([sku, location])

/** Each SKU with the first name that stands beside it. */
function namesOf(rows: readonly ImportRow[]): Map<string, string | undefined> {
  const names = new Map<string, string | undefined>()
  for (const { movement: { sku }, name } of rows.filter(isMovement)) names.set(sku, names.get(sku) ?? name)
  return names
}

const locationsOf = (rows: readonly ImportRow[]): ReadonlySet<string> =>
  new Set(rows.filter(isMovement).map(({ movement }) => movement.location))

/** Marks what it gives as seen. */
function unseen(keys: Iterable<string>, seen: Set<string>): readonly string[] {
  const news = [...keys].filter((key) => !seen.has(key))
  for (const key of news) seen.add(key)
  return news
}

/** What could not be made is no failure here: somebody else was faster, or the rows are refused for the same reason. */
const count = (made: readonly boolean[]): number => made.filter((isMade) => isMade).length
