/** What all subscriptions do alike. */
import { validateSync } from 'class-validator'
import { ArgumentValidationError, type ClassType, type SubscribeResolverData } from 'type-graphql'
import { positionOf } from './cursor.ts'
import type { SocketContext } from './subscription-execution.ts'

export type Subscribing<Arguments> = SubscribeResolverData<unknown, Arguments, SocketContext>

export const RESUMABLE = 'With `after`, first all that was missed since that cursor, in log order, then live: no gap, nothing twice.'
export const GO_ON = 'Hand it back as `after` to go on from here.'

/** Where a subscription begins: undefined for now. */
export async function startOf(context: SocketContext, after: string | null | undefined): Promise<number | undefined> {
  const position = positionOf(context, after)
  if (position === undefined) return undefined
  await context.inventory.seek(position)
  context.delivery.sent = position
  return position
}

/** Arguments are checked where a subscription begins, and not again with each change. */
export function checked<Given extends object>(type: ClassType<Given>, given: Given | null | undefined): Given {
  const value = Object.assign(new type(), given)
  const errors = validateSync(value, { skipMissingProperties: true })
  if (errors.length > 0) throw new ArgumentValidationError(errors)
  return value
}
