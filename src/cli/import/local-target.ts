import { createHash } from 'node:crypto'
import { authorizedInventory } from '../../application/access/authorized-inventory.ts'
import { ANYBODY } from '../../application/access/identity.ts'
import type { Composition } from '../../compose.ts'
import { DomainError, DomainErrors } from '../../domain/errors.ts'
import { atOnce } from './at-once.ts'
import { keyWithin } from './keys.ts'
import { type ImportTarget, outcomeOf } from './target.ts'

/** Enough to fill the log's batches, and fewer than are refused. */
const COMMANDS_AT_ONCE = 500

/** Into a store that this process has open. */
export function localTarget({ inventory, close }: Pick<Composition, 'inventory' | 'close'>): ImportTarget {
  const { commands, queries, events } = authorizedInventory(inventory, ANYBODY)
  const limited = atOnce(COMMANDS_AT_ONCE)
  const make = (command: () => Promise<unknown>): Promise<boolean> => limited(() => isMade(command()))
  return {
    unknownProducts: async (skus) => absent(skus, (await queries.products(skus)).value),
    unknownLocations: async (codes) => absent(codes, (await queries.locations(codes)).value),
    registerProduct: ({ sku, name }, importKey) => make(() => commands.registerProduct(
      { sku, name, barcode: null, unit: 'EACH', attributes: {}, idempotencyKey: keyWithin(importKey, 'product', digest(sku)) },
      { correlationId: importKey },
    )),
    openLocation: (code, importKey) => make(() => commands.openLocation(
      { code, name: code, kind: 'STORE', timeZone: 'UTC', idempotencyKey: keyWithin(importKey, 'location', digest(code)) },
      { correlationId: importKey },
    )),
    allowNegative: ({ sku, location }, importKey) => make(() => commands.setStockPolicy(
      { sku, location, policy: { allowNegative: true }, idempotencyKey: keyWithin(importKey, 'policy', digest(sku, location)) },
      { correlationId: importKey },
    )),
    async strictLevels(levels) {
      const { value } = await queries.stockLevels(levels)
      return levels.filter((_, index) => value[index]?.allowNegative !== true)
    },
    async apply({ movements, errorPolicy, dryRun, key }) {
      try {
        const { result, replayed } = await commands.applyMovements({ movements, errorPolicy, dryRun, idempotencyKey: key }, { correlationId: key })
        return outcomeOf(result.refusals, true, replayed)
      } catch (error) {
        return outcomeOf(refusalsOf(error), false, false)
      }
    },
    isDone: async (key) => (await events.find({ correlationId: key }, { first: 1 })).events.length > 0,
    close,
  }
}

const absent = <Key>(keys: readonly Key[], found: readonly unknown[]): readonly Key[] => keys.filter((_, index) => found[index] === undefined)

/** Keys are short and printable, and SKUs may be neither. */
export const digest = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)

function refusalsOf(error: unknown): readonly DomainError[] {
  if (error instanceof DomainErrors) return error.errors
  if (error instanceof DomainError) return [error]
  throw error
}

async function isMade(command: Promise<unknown>): Promise<boolean> {
  try {
    await command
    return true
  } catch (error) {
    refusalsOf(error)
    return false
  }
}
