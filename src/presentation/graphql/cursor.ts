import { GraphQLError } from 'graphql'

/** A position of the log as clients see it: opaque, URL-safe, bound to the log's id. */
export const encodeCursor = (logId: string, position: number): string =>
  Buffer.from(`${logId}:${position}`).toString('base64url')

/** BAD_USER_INPUT where the text is no cursor, or one of another log. */
export function decodeCursor(logId: string, cursor: string): number {
  const [id, position, ...rest] = Buffer.from(cursor, 'base64url').toString().split(':')
  if (rest.length === 0 && id === logId && position !== undefined && /^(0|[1-9]\d{0,15})$/.test(position)) return Number(position)
  throw new GraphQLError('This is no cursor of this log: take one from an answer of this server.', { extensions: { code: 'BAD_USER_INPUT' } })
}
