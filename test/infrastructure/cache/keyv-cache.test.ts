import { expect } from 'chai'
import { createKeyvCache } from '../../../src/infrastructure/cache/keyv-cache.ts'

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
})
