import { EVENT_TYPES } from '../stock/effect.ts'

export const TRANSFER_EVENTS = EVENT_TYPES.filter((type) => type.startsWith('Transfer'))
