import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ApolloRequest<Context> {
  /** Of the address, with its question mark. */
  readonly search: string
  /** As JSON says it; undefined where there is none. */
  readonly body: unknown
  context(): Promise<Context>
}

/** Answers a request as Apollo Server says. What it does not say of the headers stays as it was set. */
export async function askApollo<Context extends BaseContext>(
  apollo: ApolloServer<Context>, request: IncomingMessage, response: ServerResponse, { search, body, context }: ApolloRequest<Context>,
): Promise<void> {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
  const result = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body }, context })
  for (const [name, value] of result.headers) response.setHeader(name, value)
  response.statusCode = result.status ?? 200
  if (result.body.kind === 'complete') {
    response.end(result.body.string)
    return
  }
  for await (const chunk of result.body.asyncIterator) response.write(chunk)
  response.end()
}
