import type { LogEvent, Quantities } from '../api/types.ts'
import { type Effect, effectOf } from '../stock/effect.ts'

/** The quantities from a moment on, in milliseconds since 1970. */
export interface Point extends Effect { readonly at: number; readonly available: number }

/**
 * A stock level through business time. Every event adds to the quantities, so that what was before one is a
 * subtraction from what is now, however late it was recorded. Events are given the newest first.
 */
export function seriesOf(quantities: Quantities, events: readonly LogEvent[], isWhole: boolean): readonly Point[] {
  const inTime = [...events].sort((a, b) => Date.parse(b.occurredAt) - Date.parse(a.occurredAt))
  const points: Point[] = []
  let level: Effect = quantities
  for (const event of inTime) {
    points.push(pointOf(Date.parse(event.occurredAt), level))
    level = minus(level, effectOf(event))
  }
  const first = points.at(-1)
  if (first && !isWhole) points.push(pointOf(first.at, level))
  return points.reverse()
}

const pointOf = (at: number, { onHand, reserved, unavailable, incoming }: Effect): Point =>
  ({ at, onHand, reserved, unavailable, incoming, available: onHand - reserved - unavailable })

const minus = (level: Effect, effect: Effect): Effect => ({
  onHand: level.onHand - effect.onHand,
  reserved: level.reserved - effect.reserved,
  unavailable: level.unavailable - effect.unavailable,
  incoming: level.incoming - effect.incoming,
})
