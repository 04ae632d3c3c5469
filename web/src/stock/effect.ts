import { type EventType, EVENT_SCHEMAS, type StockLevelEvent } from '../../../src/domain/events.ts'
import { stockLevel } from '../../../src/domain/stock-level.ts'
import type { LogEvent } from '../api/types.ts'

export interface Effect { readonly onHand: number; readonly reserved: number; readonly unavailable: number; readonly incoming: number }

export const EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as EventType[]

const NONE: Effect = { onHand: 0, reserved: 0, unavailable: 0, incoming: 0 }

/** What an event added to the quantities of its stock level: the server's own rule. Every event adds and none sets. */
export function effectOf({ stream, type, data }: Pick<LogEvent, 'stream' | 'type' | 'data'>): Effect {
  if (!stream.startsWith('stock:') || !(type in EVENT_SCHEMAS)) return NONE
  const { onHand, reserved, unavailable, incoming } = stockLevel.evolve(stockLevel.initialState, { type, data } as unknown as StockLevelEvent)
  return { onHand, reserved, unavailable, incoming }
}
