import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Breaker, Logger } from '../../application/ports.ts'

export interface RemoteKeysOptions {
  readonly url: string
  /** Around the server that has the keys. */
  readonly breaker: Pick<Breaker, 'run'>
  readonly logger: Pick<Logger, 'warn'>
  /** How old keys may get before they are read anew. */
  readonly freshMsMax?: number
  /** Nothing is read anew sooner than this after the last try, whatever tokens name. */
  readonly restMs?: number
  readonly answerMsMax?: number
}

const FRESH_MS_MAX = 600_000
const REST_MS = 30_000
const ANSWER_MS_MAX = 3_000

/**
 * The keys that a server publishes. Those that are known go on being used while they are read anew, and for as long as
 * that fails; a request waits only where its key is not known yet.
 */
export function remoteKeys(options: RemoteKeysOptions): JWTVerifyGetKey {
  const { breaker, logger, freshMsMax = FRESH_MS_MAX, restMs = REST_MS } = options
  let known: JWTVerifyGetKey | undefined
  let readAt = -Infinity
  let triedAt = -Infinity
  let reading: Promise<JWTVerifyGetKey> | undefined

  async function read(): Promise<JWTVerifyGetKey> {
    triedAt = performance.now()
    known = createLocalJWKSet(await fetchKeys(options))
    readAt = performance.now()
    return known
  }

  /** All who wait share one request. */
  const readOnce = (): Promise<JWTVerifyGetKey> => breaker.run(() => reading ??= read().finally(() => { reading = undefined }))
  const isRested = (): boolean => performance.now() - triedAt >= restMs

  function refresh(): void {
    readOnce().catch((error: unknown) => { logger.warn({ err: error }, 'The keys of tokens could not be read anew: those that are known go on being used.') })
  }

  return async (header, token) => {
    const keys = known ?? await readOnce()
    if (performance.now() - readAt >= freshMsMax && isRested()) refresh()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isRested()) throw error
      return (await readOnce())(header, token)
    }
  }
}

async function fetchKeys({ url, answerMsMax = ANSWER_MS_MAX }: RemoteKeysOptions): Promise<JSONWebKeySet> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(answerMsMax) })
  if (response.status === 200) return await response.json() as JSONWebKeySet
  await response.body?.cancel()
  throw new Error(`The keys of tokens were asked for, and the answer was ${response.status}.`)
}
