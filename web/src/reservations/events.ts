import { EVENT_TYPES } from '../stock/effect.ts'

export const RESERVATION_EVENTS = EVENT_TYPES.filter((type) => type.startsWith('Reservation'))
