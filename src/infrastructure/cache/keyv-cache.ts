import { Keyv, type KeyvStoreAdapter } from 'keyv'
import type { Cache, Logger } from '../../application/ports.ts'
import { createMemoryCache } from './memory-cache.ts'

/** What nobody has asked for or renewed that long is of no use even to those who would take an old answer. */
const KEPT_MS = 24 * 60 * 60 * 1_000

export interface KeyvCacheOptions {
  readonly logger: Pick<Logger, 'warn'>
  /** Any of keyv's stores; memory of this process where it is left out. */
  readonly store?: KeyvStoreAdapter | Map<string, unknown>
}

/** A cache on any store that keyv knows. What a store can't give or take is lost, with a warning. */
export function createKeyvCache({ logger, store }: KeyvCacheOptions): Cache {
  if (!store) return createMemoryCache(KEPT_MS)
  const keyv = keyvOver(store)
  const lost = (error: unknown): void => { logger.warn({ err: error }, 'The cache has failed; what it was to keep is asked for again.') }
  keyv.on('error', lost)
  return {
    async get(keys) {
      try {
        return await keyv.get<unknown>([...keys])
      } catch (error) {
        lost(error)
        return keys.map(() => undefined)
      }
    },
    async set(key, value) {
      await keyv.set(key, value).catch(lost)
    },
  }
}

/** Its own prefix is left off where a key begins with it already, so that two keys would become one: it has none. */
export const keyvOver = (store: KeyvStoreAdapter | Map<string, unknown>): Keyv => new Keyv({ store, ttl: KEPT_MS, useKeyPrefix: false })
