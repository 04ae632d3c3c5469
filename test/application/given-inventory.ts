import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import type { EventStore, RecordedEvent } from '../../src/application/ports.ts'
import type { TestInventory } from './test-inventory.ts'

export const caller = { correlationId: 'c-1' }
export const MUG = { sku: 'MUG', name: 'Mug', barcode: null, unit: 'EACH', attributes: {} } as const
export const LISBON = { code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'Europe/Lisbon' } as const
/** Mugs in Lisbon. */
export const at = { sku: 'MUG', location: 'LIS' } as const

export async function givenMugsInLisbon({ inventory }: TestInventory): Promise<void> {
  await inventory.commands.registerProduct(MUG, caller)
  await inventory.commands.openLocation(LISBON, caller)
}

/** The refusals of a command that must be refused. */
export const refusals = async (promise: Promise<unknown>): Promise<readonly DomainError[]> => {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason)
  if (error instanceof DomainError) return [error]
  if (error instanceof DomainErrors) return error.errors
  throw new Error(`Expected a refusal, got ${String(error)}.`)
}

export const refusal = async (promise: Promise<unknown>): Promise<DomainError> => {
  const [first] = await refusals(promise)
  if (!first) throw new Error('Expected a refusal, got none.')
  return first
}

export const eventsOf = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = []
  for await (const batch of store.read(0)) events.push(...batch)
  return events
}
