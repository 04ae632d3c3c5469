import { expect } from 'chai'
import { boundedMemory, createMemoryCache } from '../../../src/infrastructure/cache/memory-cache.ts'

describe('the cache in memory', () => {
  it('keeps what is in memory as it is, without turning it into text', async () => {
    const cache = createMemoryCache(1_000)
    const value = { n: 1 }
    await cache.set('a', value)
    expect((await cache.get(['a']))[0]).to.equal(value)
    expect(cache.peek?.('a')).to.equal(value)
  })
  it('holds no more entries in memory than it may, and forgets the longest unused', () => {
    const memory = boundedMemory({ entriesMax: 2, charactersMax: 1_000 })
    memory.set('a', { n: 1 })
    memory.set('b', { n: 2 })
    memory.get('a')
    memory.set('c', { n: 3 })
    expect(memory.getMany(['a', 'b', 'c'])).to.deep.equal([{ n: 1 }, undefined, { n: 3 }])
  })
  it('holds no more text in memory than it may, and nothing that alone is more', () => {
    const memory = boundedMemory({ entriesMax: 100, charactersMax: 100 })
    for (const key of ['a', 'b', 'c']) memory.set(key, { text: 'x'.repeat(40) })
    expect(memory.getMany(['a', 'b', 'c']).filter(Boolean)).to.have.length(1)
    memory.set('huge', { text: 'x'.repeat(200) })
    expect(memory.get('huge')).to.equal(undefined)
  })
})
