import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** Where one product can be had, and how many of it. */
export interface Offer { readonly location: string; readonly canBePromised: number }

interface StockLevel { readonly location: { readonly name: string }; readonly quantities: { readonly availableToPromise: number } }

const OFFERS = gql<{ stockLevels: { cursor: string; nodes: StockLevel[] } }, { sku: string }>`
  query Offers($sku: String!) {
    stockLevels(filter: { skus: [$sku] }, orderBy: LOCATION) {
      cursor
      nodes { location { name } quantities { availableToPromise } }
    }
  }
`
const CHANGES = gql<{ stockChanged: { cursor: string; stockLevel: StockLevel } }, { sku: string; after: string }>`
  subscription Changes($sku: String!, $after: Cursor!) {
    stockChanged(skus: [$sku], after: $after) {
      cursor
      stockLevel { location { name } quantities { availableToPromise } }
    }
  }
`
const HOLD = gql<{ reserveStock: { reservation: { id: string; expiresAt: string } | null; userErrors: { code: string; message: string }[] } }, { input: object }>`
  mutation Hold($input: ReserveStockInput!) {
    reserveStock(input: $input) { reservation { id expiresAt } userErrors { code message } }
  }
`

/** A product page's stock: shown live, and held for a cart. `url` is the server's /graphql. */
export function createStorefront(url: string) {
  const sockets = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket })
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [fetchExchange, subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: sockets.subscribe({ query, variables }, { ...sink, next: ({ data = null }) => { sink.next({ data }) } }),
        }),
      }),
    })],
  })

  return {
    /**
     * Calls back with what is offered, now and whenever it changes: the page's cursor is where the changes go on from,
     * so that nothing falls between the two. Resolves with the way to stop.
     */
    async watch(sku: string, show: (offers: readonly Offer[]) => void): Promise<() => void> {
      const { stockLevels } = dataOf(await client.query(OFFERS, { sku }).toPromise())
      const offers = new Map(stockLevels.nodes.map(toEntry))
      const showAll = (): void => { show([...offers].map(([location, canBePromised]) => ({ location, canBePromised }))) }
      showAll()
      const { unsubscribe } = client.subscription(CHANGES, { sku, after: stockLevels.cursor }).subscribe(({ data }) => {
        if (!data) return
        offers.set(...toEntry(data.stockChanged.stockLevel))
        showAll()
      })
      return unsubscribe
    },

    /** Holds lines for a cart for a while: all of them or none. The cart's id makes a second click harmless. */
    async hold(cart: string, lines: readonly { readonly sku: string; readonly quantity: number }[], seconds = 900) {
      const input = { lines, reference: cart, expiresInSeconds: seconds, idempotencyKey: `hold:${cart}` }
      return dataOf(await client.mutation(HOLD, { input }).toPromise()).reserveStock
    },

    async close(): Promise<void> { await sockets.dispose() },
  }
}

function dataOf<Data>({ data, error }: { readonly data?: Data | undefined; readonly error?: Error | undefined }): Data {
  if (data === undefined) throw error ?? new Error('The server gave no answer.')
  return data
}

const toEntry = ({ location, quantities }: StockLevel): [string, number] => [location.name, quantities.availableToPromise]
