/** Reservations and transfers between the application's views and the tables' rows. */
import type { Insertable, Selectable } from 'kysely'
import type { ReservationsTable, TransfersTable } from './promises-schema.ts'
import type { ReservationView, TransferView } from '../../application/views.ts'

export const reservationView = (row: Selectable<ReservationsTable>): ReservationView => ({
  id: row.id,
  status: row.status,
  lines: JSON.parse(row.lines) as ReservationView['lines'],
  reference: row.reference,
  placedAt: row.placed_at,
  expiresAt: row.expires_at,
  version: row.version,
})

export const reservationRow = (view: ReservationView): Insertable<ReservationsTable> => ({
  id: view.id,
  status: view.status,
  lines: JSON.stringify(view.lines),
  reference: view.reference,
  placed_at: view.placedAt,
  expires_at: view.expiresAt,
  version: view.version,
})

export const transferView = (row: Selectable<TransfersTable>): TransferView => ({
  id: row.id,
  status: row.status,
  from: row.origin,
  to: row.destination,
  lines: JSON.parse(row.lines) as TransferView['lines'],
  reference: row.reference,
  dispatchedAt: row.dispatched_at,
  completedAt: row.completed_at,
  version: row.version,
})

export const transferRow = (view: TransferView): Insertable<TransfersTable> => ({
  id: view.id,
  status: view.status,
  origin: view.from,
  destination: view.to,
  lines: JSON.stringify(view.lines),
  reference: view.reference,
  dispatched_at: view.dispatchedAt,
  completed_at: view.completedAt,
  version: view.version,
})
