import { expect } from 'chai'
import type { Cache } from '../../src/application/ports.ts'

export interface OpenedCache {
  readonly cache: Cache
  close?(): void
}

export function cacheContract(name: string, open: () => OpenedCache | Promise<OpenedCache>): void {
  describe(`cache: ${name}`, () => {
    let opened: OpenedCache | undefined
    let cache: Cache
    beforeEach(async () => {
      opened = await open()
      cache = opened.cache
    })
    afterEach(() => opened?.close?.())

    it('gives what was put there, in the order that it is asked for', async () => {
      await cache.set('a', { n: 1, nothing: null, nested: [{ text: 'é\u0000😀' }] })
      await cache.set('b', 'text')
      expect(await cache.get(['b', 'none', 'a', 'b'])).to.deep.equal(['text', undefined, { n: 1, nothing: null, nested: [{ text: 'é\u0000😀' }] }, 'text'])
    })
    it('gives the last value of a key', async () => {
      await cache.set('a', { n: 1 })
      await cache.set('a', { n: 2 })
      expect(await cache.get(['a'])).to.deep.equal([{ n: 2 }])
    })
    it('takes any text as key, and keeps keys apart', async () => {
      const keys = ['', ' ', ':', 'a', 'a:b', 'keyv:a', '__proto__', 'constructor', '["x","y"]', 'é', '😀', 'x'.repeat(2_000)]
      for (const [index, key] of keys.entries()) await cache.set(key, { index })
      expect(await cache.get(keys)).to.deep.equal(keys.map((_, index) => ({ index })))
    })
    it('is asked for nothing and gives nothing', async () => {
      expect(await cache.get([])).to.deep.equal([])
    })
  })
}
