import { GraphQLError } from 'graphql'
import type { Context } from './context.ts'

/** A position of the log as clients see it: opaque, URL-safe, bound to the log's id. */
export const encodeCursor = (logId: string, position: number): string =>
  Buffer.from(`${logId}:${position}`).toString('base64url')

/** BAD_USER_INPUT where the text is no cursor as this server writes it, or one of another log. */
export function decodeCursor(logId: string, cursor: string): number {
  const position = Number(/:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1])
  if (Number.isSafeInteger(position) && encodeCursor(logId, position) === cursor) return position
  throw new GraphQLError('This is no cursor of this log: take one from an answer of this server.', { extensions: { code: 'BAD_USER_INPUT' } })
}

/** The position of a cursor that may be left out. */
export const positionOf = ({ inventory }: Context, cursor: string | null | undefined): number | undefined =>
  cursor == null ? undefined : decodeCursor(inventory.status().logId, cursor)

/** Waits until what is asked next shows the place, where one is named. */
export async function reached(context: Context, atLeast: string | null | undefined): Promise<void> {
  const position = positionOf(context, atLeast)
  if (position === undefined) return
  await context.inventory.reach(position)
  context.forget()
}
