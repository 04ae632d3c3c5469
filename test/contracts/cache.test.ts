import { createKeyvCache } from '../../src/infrastructure/cache/keyv-cache.ts'
import { openRedisCache } from '../../src/infrastructure/cache/redis-cache.ts'
import { describeWithRedis } from '../services/redis.ts'
import { reached } from '../infrastructure/cache/reached.ts'
import { cacheContract } from './cache.contract.ts'

const logger = { warn: (_: object, message: string) => { throw new Error(message) } }
const silent = { info: () => undefined, warn: () => undefined }

cacheContract('keyv, in memory', () => ({ cache: createKeyvCache({ logger }) }))
cacheContract('keyv, over a store of text', () => ({ cache: createKeyvCache({ logger, store: new Map() }) }))

describeWithRedis('on Redis', (redis) => {
  cacheContract('keyv, over Redis', async () => {
    const cache = openRedisCache({ url: redis().url, secret: 'known to all nodes', logger: silent })
    await reached(cache)
    return { cache, close: () => { cache.close() } }
  })
})
