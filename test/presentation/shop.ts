import { goodInputs, type Ids } from './bad-input.rows.ts'
import { openTestServer, type TestServer } from './test-server.ts'

export interface Shop {
  readonly server: TestServer
  /** A good input for each mutation, in an order in which each is taken. */
  readonly goods: Readonly<Record<string, object>>
}

/** A server with something of everything: what can be sold and what can't any more, promises, and goods on their way. */
export async function openShop(): Promise<Shop> {
  const server = await openTestServer()
  for (const sku of ['TEA', 'OLD']) await server.mutate('registerProduct', { sku, name: sku })
  for (const code of ['LIS', 'POR', 'SHUT', 'EMPTY']) await server.mutate('openLocation', { code, name: code })
  await server.mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 20 })
  await server.mutate('setStockAside', { sku: 'TEA', location: 'LIS', quantity: 2, reason: 'OTHER' })
  await server.mutate('discontinueProduct', { sku: 'OLD' })
  await server.mutate('closeLocation', { code: 'SHUT' })
  const reserved: unknown = await server.mutate('reserveStock', { lines: [{ sku: 'TEA', location: 'LIS', quantity: 3 }] }, 'reservation { id }')
  const { reservation } = reserved as { reservation: { id: string } }
  const dispatched = async (): Promise<string> => {
    const payload: unknown = await server.mutate('dispatchTransfer', { from: 'LIS', to: 'POR', lines: [{ sku: 'TEA', quantity: 3 }] }, 'transfer { id }')
    return (payload as { transfer: { id: string } }).transfer.id
  }
  return { server, goods: goodInputs({ reservation: reservation.id, received: await dispatched(), cancelled: await dispatched(), ...await aDelivery(server) }) }
}

/** A webhook and a delivery that it waits with: nobody listens where it leads to. */
async function aDelivery(server: TestServer): Promise<Pick<Ids, 'webhook' | 'delivery'>> {
  const registered: unknown = await server.mutate('registerWebhook', { url: 'http://127.0.0.1:1/', eventTypes: ['StockAdded'] }, 'webhook { id }')
  const { id } = (registered as { webhook: { id: string } }).webhook
  await server.mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 })
  for (;;) {
    const data: unknown = await server.data('query($id: ID!) { webhookDeliveries(webhookId: $id) { nodes { id } } }', { id })
    const [delivery] = (data as { webhookDeliveries: { nodes: { id: string }[] } }).webhookDeliveries.nodes
    if (delivery) return { webhook: id, delivery: delivery.id }
  }
}
