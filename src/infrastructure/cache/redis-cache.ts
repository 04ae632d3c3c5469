import KeyvRedis, { createClient } from '@keyv/redis'
import type { Cache, Logger } from '../../application/ports.ts'
import { createBreaker, type OwnedBreaker } from '../resilience/breaker.ts'
import { keyvOver } from './keyv-cache.ts'
import { signedTexts } from './signed-texts.ts'

export interface RedisCacheOptions {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss:` for TLS. */
  readonly url: string
  /** What entries are signed with: those of nodes with another one are passed over. */
  readonly secret: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

export interface RedisCache extends Cache {
  readonly breaker: OwnedBreaker
  close(): void
}

const PREFIX = 'stockstream'
/** A cache that is slower than this is of no use. */
const CALL_MS_MAX = 250
const PROBE_AFTER_MS = 500
const CONNECT_MS_MAX = 2_000
const RECONNECT_MS_MAX = 2_000
/** Of commands that wait for their answer. */
const WAITING_MAX = 10_000

/**
 * A cache that nodes share. While it is away, slow or full of what others wrote, it has nothing: a breaker sees to
 * it that nobody waits for it. It is connected to in the background, as often as it takes.
 */
export function openRedisCache({ url, secret, logger }: RedisCacheOptions): RedisCache {
  const client = connected(url, logger)
  const breaker = createBreaker({ name: 'cache', probeAfterMs: PROBE_AFTER_MS, callMsMax: CALL_MS_MAX, logger })
  const redis = new KeyvRedis(client, { namespace: PREFIX, throwOnErrors: true })
  const keyv = keyvOver(asKeyvStore(signedTexts(redis, secret)))
  keyv.serialize = JSON.stringify
  keyv.deserialize = JSON.parse
  keyv.throwOnErrors = true
  // What fails is seen by the breaker, and what is lost by the client's own listener: without one of these an error ends the process.
  redis.on('error', () => undefined)
  keyv.on('error', () => undefined)
  return {
    breaker,
    get: (keys) => breaker.run(() => keyv.get<unknown>([...keys])).catch(() => keys.map(() => undefined)),
    set: (key, value) => breaker.run(() => keyv.set(key, value)).then(() => undefined, () => undefined),
    close() {
      breaker.close()
      client.destroy()
    },
  }
}

function connected(url: string, logger: RedisCacheOptions['logger']) {
  const client = createClient({
    url,
    // What can't be sent now is asked of the event store, not kept for later.
    disableOfflineQueue: true,
    commandsQueueMaxLength: WAITING_MAX,
    socket: { connectTimeout: CONNECT_MS_MAX, reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, RECONNECT_MS_MAX) },
  })
  let isLost = false
  client.on('error', (error: Error) => {
    if (!isLost) logger.warn({ err: error }, 'The cache can not be reached; what it was to keep is asked for again meanwhile.')
    isLost = true
  })
  client.on('ready', () => {
    if (isLost) logger.info({}, 'The cache is reached again.')
    isLost = false
  })
  // Rejects only where it is closed before it was ever reached.
  client.connect().catch(() => undefined)
  return client
}

/** The rest of what keyv's stores can do is of no use here. */
const asKeyvStore = (texts: ReturnType<typeof signedTexts>) => ({
  ...texts,
  get: async (key: string) => (await texts.getMany([key]))[0],
  delete: () => Promise.resolve(false),
  clear: () => Promise.resolve(),
}) as never
