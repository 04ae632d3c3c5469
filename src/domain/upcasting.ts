import { EVENT_SCHEMAS } from './events.ts'

/** An event's data as some schema version of its type wrote it. */
export interface StoredShape { readonly type: string; readonly schema: number; readonly data: unknown }

/** Brings the data of one type from one schema version to the next. Pure; the stored line stays as it is. */
export type Upcaster = (data: unknown) => unknown

/** `Type@1` names what brings that type from version 1 to 2. */
export type Upcasters = Readonly<Record<string, Upcaster>>

/** No event type has changed its shape yet. */
export const UPCASTERS: Upcasters = {}

/** An event that a newer version has written. */
export class NewerEvent extends Error {
  override readonly name = 'NewerEvent'
  constructor({ type, schema }: StoredShape) {
    super(`${type} has schema ${schema}, which this version of Stockstream does not know: run a newer one.`)
  }
}

/**
 * The event in today's shape. Throws NewerEvent where it is of a newer schema than this code knows, and an error where a
 * step is missing: better no answer than a wrong one.
 */
export function upcast<Stored extends StoredShape>(
  event: Stored,
  upcasters: Upcasters = UPCASTERS,
  schemas: Readonly<Record<string, number>> = EVENT_SCHEMAS,
): Stored {
  const current = schemas[event.type]
  if (current === event.schema) return event
  if (current === undefined || event.schema > current) throw new NewerEvent(event)
  const step = upcasters[`${event.type}@${event.schema}`]
  if (!step) throw new Error(`${event.type} has schema ${event.schema}, and no upcaster leads from there to ${current}.`)
  return upcast({ ...event, schema: event.schema + 1, data: step(event.data) }, upcasters, schemas)
}
