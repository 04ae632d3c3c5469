import { systemClock } from '../src/infrastructure/clock.ts'
import { openEventLog } from '../src/infrastructure/event-log/log.ts'
import { uuidV7 } from '../src/infrastructure/ids.ts'
import { streamName } from '../src/domain/streams.ts'
import type { DomainEvent } from '../src/domain/events.ts'
import type { EventStore, NewEvent } from '../src/application/ports.ts'
import { LOCATION, skuAt } from './seed.ts'
import type { Place } from './workloads.ts'

const LOCATIONS = [LOCATION, 'OPO', 'FAO', 'EVO', 'BRA', 'COI', 'AVE', 'SET', 'VIS', 'GUA']
/** Of stock at the opening: a reservation takes one. */
const OPENING = 1_000_000
const APPEND_EVENTS = 2_000
const STEP_MS = 1_000

const quiet = { info: () => undefined, warn: () => undefined, error: (facts: object, message: string) => { throw new Error(message, { cause: facts }) } }

/** The n-th of so many stock levels. */
export const placeAt = (n: number, levels: number): Place => {
  const skus = levels / LOCATIONS.length
  return { sku: skuAt(n % skus), location: LOCATIONS[Math.floor(n / skus) % LOCATIONS.length] ?? LOCATION }
}

/** A log of so many events on so many stock levels, appended as the server appends, but in large batches; nothing is derived from it yet. */
export async function fillLog(directory: string, events: number, levels: number): Promise<void> {
  const store = await openEventLog({ directory, clock: systemClock, logger: quiet })
  try {
    await append(store, LOCATIONS.map((code) => opened(code)), () => 0)
    await append(store, Array.from({ length: levels / LOCATIONS.length }, (_, n) => registered(skuAt(n))), () => 0)
    const start = Date.now() - events * STEP_MS
    for (let n = 0; store.head() < events;) {
      // No stream twice in one append.
      const numbers = Array.from({ length: Math.min(APPEND_EVENTS, levels, events - store.head()) }, (_, index) => n + index)
      const round = (index: number): number => Math.floor((numbers[index] ?? 0) / levels)
      await append(store, numbers.map((number, index) => moved(placeAt(number % levels, levels), round(index), start + number * STEP_MS)), round)
      n += numbers.length
    }
  } finally {
    await store.close()
  }
}

interface Filled { readonly stream: string; readonly event: NewEvent }

async function append(store: EventStore, all: readonly Filled[], versionOf: (index: number) => number): Promise<void> {
  for (let from = 0; from < all.length; from += APPEND_EVENTS) {
    const events = all.slice(from, from + APPEND_EVENTS)
    await store.append({ streams: events.map(({ stream }, index) => ({ stream, expectedVersion: versionOf(from + index) })), events })
  }
}

const filled = (stream: string, event: DomainEvent, occurredAt = Date.now()): Filled =>
  ({ stream, event: { ...event, id: uuidV7.next(), occurredAt, metadata: { correlationId: uuidV7.next(), actor: 'till-7' } } })

const opened = (code: string): Filled => filled(streamName.location(code), { type: 'LocationOpened', data: { code, name: `The shop of ${code}`, kind: 'STORE', timeZone: 'UTC' } })

const registered = (sku: string): Filled => filled(streamName.product(sku), { type: 'ProductRegistered', data: { sku, name: `Product ${sku}`, barcode: null, unit: 'EACH', attributes: {} } })

const moved = ({ sku, location }: Place, round: number, occurredAt: number): Filled => filled(streamName.stock(sku, location), round === 0
  ? { type: 'StockAdded', data: { quantity: OPENING, reason: 'RECEIVED' } }
  : { type: 'StockRemoved', data: { quantity: 1, reason: 'SOLD' } }, occurredAt)
