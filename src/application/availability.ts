import { DomainError } from '../domain/errors.ts'
import { requireCount } from '../domain/lines.ts'
import { RESERVATION_LINES_MAX } from '../domain/reservation.ts'
import { source, type SourcedLine, type SourcingStrategy, type WantedLine } from '../domain/sourcing.ts'
import { StockQuantity } from '../domain/quantity.ts'
import type { ReadModel } from './read-model.ts'
import type { At } from './views.ts'
import { Refusals } from './commands/refusals.ts'

export interface AvailabilityQuery {
  readonly lines: readonly WantedLine[]
  /** In order of priority; anywhere open where it is left out. */
  readonly locations?: readonly string[]
  readonly strategy: SourcingStrategy
}

/** So many stock levels are looked at for one answer. */
const CANDIDATES_MAX = 200_000

/**
 * Whether reserveStock could promise these lines, and from where: as far as the read model knows, and without taking
 * anything. Refuses with DomainError or DomainErrors what reserveStock refuses.
 */
export async function checkAvailability(readModel: Pick<ReadModel, 'promisable'>, { lines, locations, strategy }: AvailabilityQuery): Promise<At<readonly SourcedLine[]>> {
  requireLines(lines)
  const skus = [...new Set(lines.map(({ sku }) => sku))]
  const { value: supply, ...at } = await readModel.promisable({ skus, ...(locations && { locations }), first: CANDIDATES_MAX + 1 })
  if (supply.length > CANDIDATES_MAX) {
    throw new DomainError('LIMIT_EXCEEDED', 'There are too many places to pick from: name fewer in locations.', { max: CANDIDATES_MAX }, ['locations'])
  }
  return { value: source({ lines, supply, strategy, priority: locations ?? [] }), ...at }
}

function requireLines(lines: readonly WantedLine[]): void {
  requireCount(lines, RESERVATION_LINES_MAX)
  const refusals = new Refusals()
  for (const [index, { quantity }] of lines.entries()) refusals.attemptLine(index, () => StockQuantity.atLeast(1, quantity))
  refusals.throwAny()
}
