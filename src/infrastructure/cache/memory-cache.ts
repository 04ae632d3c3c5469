import { LRUCache } from 'lru-cache'
import type { Cache } from '../../application/ports.ts'

const ENTRIES_MAX = 50_000
/** Of the values as JSON, or about that. */
const CHARACTERS_MAX = 32 * 1024 * 1024
/** How exactly it is known when an entry is over. */
const RESOLUTION_MS = 1_000

export interface Bounds {
  readonly entriesMax: number
  readonly charactersMax: number
}

/** A cache in this process: values as they are, told at once. */
export function createMemoryCache(keptMs: number): Cache {
  const memory = boundedMemory(undefined, keptMs)
  return {
    get: (keys) => Promise.resolve(memory.getMany(keys)),
    set(key, value) {
      memory.set(key, value as object)
      return Promise.resolve()
    },
    peek: (key) => memory.get(key),
  }
}

/** Forgets what was longest unused: keyv's own store in memory keeps what has expired until somebody asks for it. */
export function boundedMemory({ entriesMax, charactersMax }: Bounds = { entriesMax: ENTRIES_MAX, charactersMax: CHARACTERS_MAX }, keptMs = 0) {
  const entries = new LRUCache<string, object>({
    max: entriesMax, maxSize: charactersMax, sizeCalculation: charactersOf, ttl: keptMs, ttlResolution: RESOLUTION_MS,
  })
  return {
    get: (key: string) => entries.get(key),
    getMany: (keys: readonly string[]) => keys.map((key) => entries.get(key)),
    set(key: string, value: object) { entries.set(key, value) },
    delete: (key: string) => entries.delete(key),
    clear() { entries.clear() },
  }
}

/** About as many as its JSON has; to write the JSON would take longer than to keep the value. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 6
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersOf(item) + 1, 2)
  let sum = 2
  for (const name in value) sum += name.length + 4 + charactersOf((value as Readonly<Record<string, unknown>>)[name])
  return sum
}
