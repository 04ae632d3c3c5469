import type { Moment } from '../../application/read-model.ts'
import type { Context, Shown } from './context.ts'
import { encodeCursor } from './cursor.ts'

/** A moment that a query names; undefined where it asks for now. */
export const momentOf = (asOf: number | null | undefined, knownAt: number | null | undefined): Moment | undefined =>
  asOf == null && knownAt == null ? undefined : { ...(asOf != null && { asOf }), ...(knownAt != null && { knownAt }) }

/** The place that an answer shows: with knownAt no later one than that where the log stood then, so that nothing after it is missed. */
export function placeOf({ position, moment }: Shown, { inventory, knownPositions }: Context): string | Promise<string> {
  const { logId } = inventory.status()
  if (moment?.knownAt === undefined) return encodeCursor(logId, position)
  return Promise.resolve(knownPositions.load(moment.knownAt)).then((known) => encodeCursor(logId, Math.min(position, known)))
}
