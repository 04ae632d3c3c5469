import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'

export interface Place { readonly sku: string; readonly location: string }
export interface Line extends Place { readonly quantity: number }

/** What a database does for the service: undefined where there is no such stock, or not enough of it. */
export interface StockDatabase {
  read(place: Place): Promise<object | undefined>
  reserve(line: Line): Promise<object | undefined>
}

const sku = { type: 'string', minLength: 1, maxLength: 64 }
const place = { sku, location: sku }
const body = (properties: object) => ({ schema: { body: { type: 'object', required: Object.keys(properties), properties, additionalProperties: false } } })

/** Stock over plain HTTP on a free port, until it is told to go. */
export async function serveStock(database: StockDatabase): Promise<void> {
  const server = Fastify()
  server.post<{ Body: Place }>('/stock', body(place), async ({ body }, reply) => (await database.read(body)) ?? reply.code(404).send())
  server.post<{ Body: Line }>('/reservations', body({ ...place, quantity: { type: 'integer', minimum: 1 } }), async ({ body }, reply) => (await database.reserve(body)) ?? reply.code(409).send())
  await server.listen({ host: '127.0.0.1', port: 0 })
  process.stdout.write(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}\n`)
  process.once('SIGTERM', () => { process.exit() })
}
