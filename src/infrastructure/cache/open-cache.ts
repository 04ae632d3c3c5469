import type { Breaker, Cache } from '../../application/ports.ts'
import { createKeyvCache } from './keyv-cache.ts'
import type { RedisCacheOptions } from './redis-cache.ts'

export interface OpenCache {
  readonly cache: Cache
  /** Around what can be away. */
  readonly breakers: readonly Breaker[]
  close(): void
}

/** The cache at the address: `memory:` is this process's own. */
export async function openCache(options: RedisCacheOptions): Promise<OpenCache> {
  if (options.url === 'memory:') return { cache: createKeyvCache(options), breakers: [], close: () => undefined }
  // Loaded only where it is wanted, as the start need not wait for it.
  const { openRedisCache } = await import('./redis-cache.ts')
  const cache = openRedisCache(options)
  return { cache, breakers: [cache.breaker], close: () => { cache.close() } }
}
