import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import type { ServerResponse } from 'node:http'
import { formatError } from '../graphql/errors.ts'

export function send(response: ServerResponse, status: number, content: object): void {
  const body = JSON.stringify(content)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}

/** An answer that has errors and nothing else. */
export const withError = (message: string, code: string, more: object = {}): { errors: readonly [GraphQLFormattedError] } => ({ errors: [{ message, extensions: { code, ...more } }] })

/** An error that says itself with which status and headers it is answered. */
export function sendRefusal(response: ServerResponse, error: GraphQLError): void {
  const { status, headers } = error.extensions.http as { status: number; headers?: ReadonlyMap<string, string> }
  for (const [name, value] of headers ?? []) response.setHeader(name, value)
  send(response, status, { errors: [formatError(error.toJSON(), error)] })
}

/** 503: it may be asked again after that time. */
export function sendUnavailable(response: ServerResponse, message: string, retryAfterMs: number): void {
  response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1_000)))
  send(response, 503, withError(message, 'UNAVAILABLE', { retryAfterMs }))
}
