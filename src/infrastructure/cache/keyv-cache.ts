import { Keyv, type KeyvStoreAdapter } from 'keyv'
import { LRUCache } from 'lru-cache'
import type { Cache, Logger } from '../../application/ports.ts'

/** What nobody has asked for or renewed that long is of no use even to those who would take an old answer. */
const KEPT_MS = 24 * 60 * 60 * 1_000
const ENTRIES_MAX = 50_000
/** Of the values as JSON. */
const CHARACTERS_MAX = 32 * 1024 * 1024

export interface KeyvCacheOptions {
  readonly logger: Pick<Logger, 'warn'>
  /** Any of keyv's stores; memory of this process where it is left out. */
  readonly store?: KeyvStoreAdapter | Map<string, unknown>
}

/** A cache on any store that keyv knows. What a store can't give or take is lost, with a warning. */
export function createKeyvCache({ logger, store }: KeyvCacheOptions): Cache {
  // Its own prefix is left off where a key begins with it already: so two keys become one.
  const keyv = new Keyv({ store: store ?? boundedMemory(), ttl: KEPT_MS, useKeyPrefix: false })
  if (!store) keepAsIs(keyv)
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

/** Not as text: in this process, to turn it into text and back would cost ten times the look-up. */
function keepAsIs(keyv: Keyv): void {
  keyv.serialize = undefined
  keyv.deserialize = undefined
}

export interface Bounds {
  readonly entriesMax: number
  readonly charactersMax: number
}

/** Forgets what was longest unused: keyv's own store in memory keeps what has expired until somebody asks for it. */
export function boundedMemory({ entriesMax, charactersMax }: Bounds = { entriesMax: ENTRIES_MAX, charactersMax: CHARACTERS_MAX }) {
  const entries = new LRUCache<string, object>({ max: entriesMax, maxSize: charactersMax, sizeCalculation: (value) => JSON.stringify(value).length })
  return {
    get: (key: string) => entries.get(key),
    getMany: (keys: string[]) => keys.map((key) => entries.get(key)),
    set(key: string, value: object) { entries.set(key, value) },
    delete: (key: string) => entries.delete(key),
    clear() { entries.clear() },
  }
}
