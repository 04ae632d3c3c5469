import { STOCK_ORDERS, type StockFilter } from '../api/stock.ts'
import type { StockQuestion } from './stock-pages.ts'

/** Which stock levels are shown: each is a filter of the server's. */
export const SHOWN = ['all', 'onlyLow', 'onlyAvailable', 'nothingAvailable'] as const
export type Shown = (typeof SHOWN)[number]

const FILTERS: Readonly<Record<Shown, StockFilter>> = {
  all: {},
  onlyLow: { onlyLow: true },
  onlyAvailable: { onlyAvailable: true },
  nothingAvailable: { maxAvailable: 0 },
}

export const shownOf = (params: URLSearchParams): Shown => SHOWN.find((known) => known === params.get('show')) ?? 'all'

/** What the address asks for. */
export function questionOf(params: URLSearchParams): StockQuestion {
  const search = params.get('search')?.trim()
  const location = params.get('location')
  return {
    filter: { ...FILTERS[shownOf(params)], ...(search && { search }), ...(location && { locations: [location] }) },
    orderBy: STOCK_ORDERS.find((known) => known === params.get('sort')) ?? 'SKU',
    direction: params.get('direction') === 'DESC' ? 'DESC' : 'ASC',
  }
}
