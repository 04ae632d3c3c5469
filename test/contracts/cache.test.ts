import { createKeyvCache } from '../../src/infrastructure/cache/keyv-cache.ts'
import { cacheContract } from './cache.contract.ts'

const logger = { warn: (_: object, message: string) => { throw new Error(message) } }

cacheContract('keyv, in memory', () => createKeyvCache({ logger }))
cacheContract('keyv, over a store of text', () => createKeyvCache({ logger, store: new Map() }))
