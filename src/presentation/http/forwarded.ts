import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { FORWARDED, type Given, type Outcome } from '../../application/forwarding.ts'
import type { Inventory } from '../../application/inventory.ts'
import type { Logger } from '../../application/ports.ts'
import { bearerOf } from '../bearer.ts'
import { BodyError, readJson } from './body.ts'
import { send } from './send.ts'

export interface ForwardedOptions {
  readonly inventory: Pick<Inventory, 'take'>
  readonly logger: Pick<Logger, 'error'>
  /** What other nodes show; undefined where nothing is taken. */
  readonly token: string | undefined
}

/** A hundred commands with their notes. */
const BODY_BYTES_MAX = 4_000_000
const NAMES: ReadonlySet<unknown> = new Set(FORWARDED)

/**
 * Commands that other nodes have let in and give to this one: a list, answered by a list of how each ended. Any other
 * status than 200 says that nothing was done.
 */
export function createForwarded({ inventory, logger, token }: ForwardedOptions) {
  async function taken(given: Given): Promise<Outcome> {
    try {
      return await inventory.take(given)
    } catch (error) {
      logger.error({ err: error, correlationId: given.caller.correlationId }, 'A command that another node gave has failed.')
      return { kind: 'failed' }
    }
  }

  return async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (token === undefined || !isSame(token, bearerOf(request.headers.authorization))) {
      send(response, 404, { error: 'There is nothing here for clients; the API is at /graphql.' })
      return
    }
    const given = await readJson(request, BODY_BYTES_MAX).catch((error: unknown) => {
      if (error instanceof BodyError) return undefined
      throw error
    })
    if (!isGiven(given)) {
      send(response, 400, { error: 'This version does not know all of these commands.' })
      return
    }
    send(response, 200, await Promise.all(given.map(taken)))
  }
}

/** In a time that does not tell how much of it is right. */
function isSame(token: string, shown = ''): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(token), digest(shown))
}

const isGiven = (given: unknown): given is readonly Given[] => Array.isArray(given) && given.every((each: Partial<Given> | null) =>
  each !== null && NAMES.has(each.name) && typeof each.command === 'object' && typeof each.caller?.correlationId === 'string')
