import { setTimeout as wait } from 'node:timers/promises'
import type { Cache } from '../../../src/application/ports.ts'

/** Resolves once the cache keeps what it is given. */
export async function reached(cache: Cache): Promise<void> {
  for (let n = 0; ; n += 1) {
    await cache.set('is it there?', n)
    if ((await cache.get(['is it there?']))[0] === n) return
    await wait(10)
  }
}
