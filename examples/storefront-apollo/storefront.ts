import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client/core'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** Where one product can be had, and how many of it. */
export interface Offer { readonly location: string; readonly canBePromised: number }

interface StockLevel { readonly id: string; readonly location: { readonly name: string }; readonly quantities: { readonly availableToPromise: number } }

interface Held { readonly reservation: { readonly id: string; readonly expiresAt: string } | null; readonly userErrors: readonly { readonly code: string; readonly message: string }[] }

const OFFERED = gql`
  fragment Offered on StockLevel {
    id
    location { id name }
    quantities { availableToPromise }
  }
`
const OFFERS: TypedDocumentNode<{ stockLevels: { cursor: string; nodes: StockLevel[] } }, { sku: string }> = gql`
  query Offers($sku: String!) {
    stockLevels(filter: { skus: [$sku] }, orderBy: LOCATION) { cursor nodes { ...Offered } }
  }
  ${OFFERED}
`
const CHANGES: TypedDocumentNode<{ stockChanged: { stockLevel: StockLevel } }, { sku: string; after: string }> = gql`
  subscription Changes($sku: String!, $after: Cursor!) {
    stockChanged(skus: [$sku], after: $after) { stockLevel { ...Offered } }
  }
  ${OFFERED}
`
const HOLD: TypedDocumentNode<{ reserveStock: Held }, { input: object }> = gql`
  mutation Hold($input: ReserveStockInput!) {
    reserveStock(input: $input) { reservation { id expiresAt } userErrors { code message } }
  }
`

/** A product page's stock: shown live, and held for a cart. `url` is the server's /graphql. */
export function createStorefront(url: string) {
  const sockets = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket })
  const isSubscription = ({ operationType }: { readonly operationType: OperationTypeNode }) => operationType === OperationTypeNode.SUBSCRIPTION
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(isSubscription, new GraphQLWsLink(sockets), new HttpLink({ uri: url })),
  })

  return {
    /**
     * Calls back with what is offered, now and whenever it changes. A change comes with the stock level's id, so that
     * Apollo's cache puts it in its place and the watched query tells it. Resolves with the way to stop.
     */
    async watch(sku: string, show: (offers: readonly Offer[]) => void): Promise<() => void> {
      const query = client.watchQuery({ query: OFFERS, variables: { sku } })
      const shown = query.subscribe(({ data, dataState }) => { if (dataState === 'complete') show(data.stockLevels.nodes.map(toOffer)) })
      const { data } = await client.query({ query: OFFERS, variables: { sku } })
      if (!data) throw new Error('The server gave no answer.')
      const changes = client.subscribe({ query: CHANGES, variables: { sku, after: data.stockLevels.cursor } }).subscribe(() => undefined)
      return () => {
        changes.unsubscribe()
        shown.unsubscribe()
      }
    },

    /** Holds lines for a cart for a while: all of them or none. The cart's id makes a second click harmless. */
    async hold(cart: string, lines: readonly { readonly sku: string; readonly quantity: number }[], seconds = 900) {
      const { data } = await client.mutate({
        mutation: HOLD,
        variables: { input: { lines, reference: cart, expiresInSeconds: seconds, idempotencyKey: `hold:${cart}` } },
      })
      if (!data) throw new Error('The server gave no answer.')
      return data.reserveStock
    },

    async close(): Promise<void> {
      client.stop()
      await sockets.dispose()
    },
  }
}

const toOffer = ({ location, quantities }: StockLevel): Offer => ({ location: location.name, canBePromised: quantities.availableToPromise })
