/** Between the application's views and the tables' rows. */
import type { Insertable, Selectable } from 'kysely'
import type { LocationsTable, ProductsTable, StockLevelsTable } from './schema.ts'
import type { LocationView, ProductView, StockLevelView } from '../../application/views.ts'
import type { JsonObject } from '../../domain/events.ts'

/** How a SKU is compared where its case doesn't matter. */
export const folded = (text: string): string => text.toLowerCase()

export const productView = (row: Selectable<ProductsTable>): ProductView => ({
  sku: row.sku,
  name: row.name,
  barcode: row.barcode,
  unit: row.unit,
  attributes: JSON.parse(row.attributes) as JsonObject,
  status: row.status,
  version: row.version,
  registeredAt: row.registered_at,
  updatedAt: row.updated_at,
})

export const productRow = (view: ProductView): Insertable<ProductsTable> => ({
  sku: view.sku,
  sku_folded: folded(view.sku),
  name: view.name,
  barcode: view.barcode,
  unit: view.unit,
  attributes: JSON.stringify(view.attributes),
  status: view.status,
  version: view.version,
  registered_at: view.registeredAt,
  updated_at: view.updatedAt,
})

export const locationView = (row: Selectable<LocationsTable>): LocationView => ({
  code: row.code,
  name: row.name,
  kind: row.kind,
  timeZone: row.time_zone,
  status: row.status,
  version: row.version,
  openedAt: row.opened_at,
  updatedAt: row.updated_at,
})

export const locationRow = (view: LocationView): Insertable<LocationsTable> => ({
  code: view.code,
  name: view.name,
  kind: view.kind,
  time_zone: view.timeZone,
  status: view.status,
  version: view.version,
  opened_at: view.openedAt,
  updated_at: view.updatedAt,
})

export const stockLevelView = (row: Selectable<StockLevelsTable>): StockLevelView => ({
  sku: row.sku,
  location: row.location,
  onHand: row.on_hand,
  reserved: row.reserved,
  unavailable: row.unavailable,
  incoming: row.incoming,
  safetyStock: row.safety_stock,
  reorderPoint: row.reorder_point,
  reorderQuantity: row.reorder_quantity,
  backorderLimit: row.backorder_limit,
  allowNegative: row.allow_negative === 1,
  version: row.version,
  updatedAt: row.updated_at,
})

export const stockLevelRow = (view: StockLevelView): Insertable<StockLevelsTable> => ({
  sku: view.sku,
  location: view.location,
  on_hand: view.onHand,
  reserved: view.reserved,
  unavailable: view.unavailable,
  incoming: view.incoming,
  safety_stock: view.safetyStock,
  reorder_point: view.reorderPoint,
  reorder_quantity: view.reorderQuantity,
  backorder_limit: view.backorderLimit,
  allow_negative: view.allowNegative ? 1 : 0,
  version: view.version,
  updated_at: view.updatedAt,
})
