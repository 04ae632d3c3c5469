import type { EventFilter } from '../api/events.ts'

export const AUDIT_FIELDS = ['type', 'sku', 'location', 'reference', 'correlation'] as const

/** What the address asks for. */
export function filterOf(params: URLSearchParams): EventFilter {
  const [type, sku, location, reference, correlation] = AUDIT_FIELDS.map((name) => params.get(name)?.trim())
  return {
    ...(type && { types: [type] }),
    ...(sku && { skus: [sku] }),
    ...(location && { locations: [location] }),
    ...(reference && { reference }),
    ...(correlation && { correlationId: correlation }),
  }
}
