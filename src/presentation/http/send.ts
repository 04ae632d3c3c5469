import type { GraphQLFormattedError } from 'graphql'
import type { ServerResponse } from 'node:http'

export function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
}

/** An answer that has errors and nothing else. */
export const withError = (message: string, code: string, more: object = {}): { errors: readonly [GraphQLFormattedError] } => ({ errors: [{ message, extensions: { code, ...more } }] })
