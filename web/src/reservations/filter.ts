import { RESERVATION_STATUSES, type ReservationFilter, type ReservationStatus } from '../api/reservations.ts'

/** What the address asks for. */
export function filterOf(params: URLSearchParams, status: ReservationStatus | 'ANY'): ReservationFilter {
  const [sku, location, reference] = ['sku', 'location', 'reference'].map((name) => params.get(name)?.trim())
  return {
    statuses: status === 'ANY' ? RESERVATION_STATUSES : [status],
    ...(sku && { skus: [sku] }),
    ...(location && { locations: [location] }),
    ...(reference && { reference }),
  }
}
