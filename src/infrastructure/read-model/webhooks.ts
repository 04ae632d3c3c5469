/** Webhooks: their table, its rows, and what is asked of it. */
import type { Insertable, Selectable } from 'kysely'
import type { Snapshot } from './dialect.ts'
import type { WebhookView } from '../../application/views.ts'

export interface WebhooksTable {
  id: string
  url: string
  /** JSON, as are signing and previous. */
  event_types: string
  enabled: number
  removed: number
  signing: string
  previous: string
  created_at: number
  registered_at: number
  version: number
}

export const WEBHOOKS_SCHEMA = `
create table webhooks (
  id text primary key,
  url text not null,
  event_types text not null,
  enabled integer not null,
  removed integer not null,
  signing text not null,
  previous text not null,
  created_at integer not null,
  registered_at integer not null,
  version integer not null
) strict, without rowid;
`

export const webhookView = (row: Selectable<WebhooksTable>): WebhookView => ({
  id: row.id,
  url: row.url,
  eventTypes: JSON.parse(row.event_types) as WebhookView['eventTypes'],
  isEnabled: row.enabled === 1,
  isRemoved: row.removed === 1,
  signing: JSON.parse(row.signing) as WebhookView['signing'],
  previous: JSON.parse(row.previous) as WebhookView['previous'],
  createdAt: row.created_at,
  registeredAt: row.registered_at,
  version: row.version,
})

export const webhookRow = (view: WebhookView): Insertable<WebhooksTable> => ({
  id: view.id,
  url: view.url,
  event_types: JSON.stringify(view.eventTypes),
  enabled: Number(view.isEnabled),
  removed: Number(view.isRemoved),
  signing: JSON.stringify(view.signing),
  previous: JSON.stringify(view.previous),
  created_at: view.createdAt,
  registered_at: view.registeredAt,
  version: view.version,
})

export async function readWebhooksById({ db, dialect: { isIn } }: Snapshot, ids: readonly string[]): Promise<readonly (WebhookView | undefined)[]> {
  const rows = await db.selectFrom('webhooks').selectAll().where(isIn('id', ids)).execute()
  const found = new Map(rows.map(row => [row.id, webhookView(row)]))
  return ids.map(id => found.get(id))
}

/** Ids are UUIDs of version 7: their order is that of registration. */
export async function readWebhooks({ db }: Snapshot): Promise<readonly WebhookView[]> {
  const rows = await db.selectFrom('webhooks').selectAll().where('removed', '=', 0).orderBy('id').execute()
  return rows.map(webhookView)
}
