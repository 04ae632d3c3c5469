/** The same reservation with Emmett on PostgreSQL: a stream for each stock level, decided by its CommandHandler. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { CommandHandler, type Event } from '@event-driven-io/emmett'
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'
import Fastify from 'fastify'
import pg from 'pg'
import { OPENING_STOCK } from '../seed.ts'

const CONNECTIONS = 32

type StockReserved = Event<'StockReserved', { reservationId: string; quantity: number }>
interface Stock { readonly onHand: number; readonly reserved: number }
interface Line { readonly sku: string; readonly location: string; readonly quantity: number }

const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS })
const store = getPostgreSQLEventStore(process.argv[2] ?? '', { connectionOptions: { pool } })
await store.schema.migrate()

const handle = CommandHandler<Stock, StockReserved>({
  initialState: () => ({ onHand: OPENING_STOCK, reserved: 0 }),
  evolve: (stock, { data }) => ({ ...stock, reserved: stock.reserved + data.quantity }),
  retry: { onVersionConflict: { retries: 100, minTimeout: 1, maxTimeout: 50 } },
})

function reserve({ sku, location, quantity }: Line, id: string) {
  return handle(store, `stock:${sku}@${location}`, ({ onHand, reserved }) => {
    if (onHand - reserved < quantity) throw new Error('There is not enough.')
    return { type: 'StockReserved', data: { reservationId: id, quantity } }
  })
}

const server = Fastify()
server.post<{ Body: Line }>('/reservations', async ({ body }) => {
  const id = randomUUID()
  await reserve(body, id)
  return { id, status: 'OPEN' }
})
await server.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}\n`)
process.once('SIGTERM', () => { process.exit() })
