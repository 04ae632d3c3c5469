import { expect } from 'chai'
import { boundedMemory, createKeyvCache } from '../../../src/infrastructure/cache/keyv-cache.ts'

const away = () => Promise.reject(new Error('connection lost'))

describe('the keyv cache', () => {
  it('has lost everything while its store is away, and says so', async () => {
    const warnings: string[] = []
    const logger = { warn: (_: object, message: string) => { warnings.push(message) } }
    const store = { get: away, getMany: away, set: away, delete: away, clear: away, opts: {}, on: () => undefined }
    const cache = createKeyvCache({ logger, store: store as never })
    await cache.set('a', 1)
    expect(await cache.get(['a', 'b'])).to.deep.equal([undefined, undefined])
    expect(warnings).to.have.length(2)
  })
  it('keeps what is in memory as it is, without turning it into text', async () => {
    const cache = createKeyvCache({ logger: { warn: () => undefined } })
    const value = { n: 1 }
    await cache.set('a', value)
    expect((await cache.get(['a']))[0]).to.equal(value)
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
