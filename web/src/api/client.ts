import { type AnyVariables, Client, type CombinedError, fetchExchange, stringifyDocument, type TypedDocumentNode } from '@urql/core'
import { createClient, type Sink } from 'graphql-ws'
import { backAgain, gone } from '../live/connection.ts'
import { authorization, isSignedOut } from './session.ts'

const KEEP_ALIVE_MS = 10_000
const PONG_WITHIN_MS = 5_000

const client = new Client({ url: '/graphql', preferGetMethod: false, requestPolicy: 'network-only', fetchOptions: () => ({ headers: authorization() }), exchanges: [fetchExchange] })

/** The answer's data. Rejects with a CombinedError where the server or the way to it failed. */
export async function ask<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const { data, error } = await client.query(document, variables).toPromise()
  if (error) throw noticed(error)
  return data as Data
}

/** As ask, for mutations. */
export async function tell<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const { data, error } = await client.mutation(document, variables).toPromise()
  if (error) throw noticed(error)
  return data as Data
}

/** A token that is not taken, or no more, ends all that the page shows. */
function noticed(error: CombinedError): CombinedError {
  if (error.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) isSignedOut.value = true
  return error
}

/** One socket for all subscriptions. It does not retry: who follows the log goes on from its own last cursor. */
const sockets = createClient({
  url: new URL('/graphql', window.location.href.replace(/^http/, 'ws')).href,
  connectionParams: authorization,
  retryAttempts: 0,
  keepAlive: KEEP_ALIVE_MS,
  on: watchConnection(),
})

/** Returns the way to unsubscribe. */
export const subscribe = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>, variables: Variables, sink: Sink<{ data?: Data | null }>,
): (() => void) => sockets.subscribe<Data>({ query: stringifyDocument(document), variables }, sink)

/** A dead connection may look alive for many minutes: who does not answer a ping is gone. */
function watchConnection() {
  let socket: WebSocket | undefined
  let waiting: number | undefined
  return {
    connected(opened: unknown) {
      socket = opened as WebSocket
      backAgain()
    },
    ping(isReceived: boolean) {
      if (!isReceived) waiting = window.setTimeout(() => { socket?.close(4408, 'No answer to a ping.') }, PONG_WITHIN_MS)
    },
    pong(isReceived: boolean) { if (isReceived) window.clearTimeout(waiting) },
    closed() {
      window.clearTimeout(waiting)
      gone()
    },
  }
}
