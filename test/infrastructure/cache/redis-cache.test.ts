import { expect } from 'chai'
import { createClient } from '@keyv/redis'
import { setTimeout as wait } from 'node:timers/promises'
import { openRedisCache, type RedisCache } from '../../../src/infrastructure/cache/redis-cache.ts'
import { describeWithRedis, startRedis } from '../../services/redis.ts'
import { freePort } from '../../services/process.ts'
import { reached } from './reached.ts'

const logger = { info: () => undefined, warn: () => undefined }
/** Far longer than a call may take, and than a busy machine adds. */
const HANGING_MS = 10_000

describeWithRedis('the cache on Redis', (redis) => {
  let cache: RedisCache
  const open = (secret = 'known to all nodes', url = redis().url): RedisCache => openRedisCache({ url, secret, logger })
  const opened = async (secret?: string): Promise<RedisCache> => {
    const other = open(secret)
    await reached(other)
    return other
  }
  let client: ReturnType<typeof createClient>
  beforeEach(async () => {
    cache = await opened()
    client = createClient({ url: redis().url })
    client.on('error', () => undefined)
    await client.connect()
  })
  afterEach(() => {
    cache.close()
    client.destroy()
  })

  it('is shared by nodes with the same secret, and by no others', async () => {
    const [friend, stranger] = [await opened(), await opened('known to strangers')]
    await cache.set('a', { n: 1 })
    expect(await friend.get(['a'])).to.deep.equal([{ n: 1 }])
    expect(await stranger.get(['a'])).to.deep.equal([undefined])
    for (const other of [friend, stranger]) other.close()
  })

  it('passes over what is damaged, cut, moved or not its own', async () => {
    const at = (key: string) => `stockstream::${key}`
    await cache.set('a', { n: 1 })
    const kept = (await client.get(at('a')))!
    const foreign = {
      damaged: kept.replace('{"n":1}', '{"n":2}'), cut: kept.slice(0, -1), mark: kept.slice(0, 22), moved: kept,
      empty: '', text: 'hello', number: '1', nothing: 'null', json: '{"value":{"n":1}}', bytes: Buffer.from([0, 255, 128]),
    }
    for (const [key, value] of Object.entries(foreign)) await client.set(at(key), value)
    await client.rPush(at('list'), 'x')
    const keys = [...Object.keys(foreign), 'list']
    expect(foreign.damaged).to.not.equal(kept)
    expect(await cache.get([...keys, 'a'])).to.deep.equal([...keys.map(() => undefined), { n: 1 }])
  })

  it('has lost everything while Redis is away, without waiting for it, and goes on by itself', async () => {
    await cache.set('a', 1)
    await redis().kill()
    expect(await cache.get(['a', 'b'])).to.deep.equal([undefined, undefined])
    await cache.set('a', 2)
    await redis().start()
    await reached(cache)
    expect(await cache.get(['a'])).to.deep.equal([undefined])
  })

  it('gives up on a Redis that hangs, asks it no more but to see, and goes on by itself', async () => {
    await cache.set('a', 1)
    redis().hang()
    try {
      const answers = Promise.all(Array.from({ length: 20 }, () => cache.get(['a'])))
      expect(await Promise.race([answers, wait(HANGING_MS, 'no answer')])).to.deep.equal(Array.from({ length: 20 }, () => [undefined]))
      expect(cache.breaker.state()).to.not.equal('CLOSED')
    } finally {
      redis().goOn()
    }
    await reached(cache)
    expect(await cache.get(['a'])).to.deep.equal([1])
  })

  it('is there once Redis is, where that comes later', async () => {
    const port = await freePort()
    const early = open(undefined, `redis://127.0.0.1:${port}`)
    expect(await early.get(['a'])).to.deep.equal([undefined])
    early.close()
    const late = await startRedis()
    await late.kill()
    const waiting = open(undefined, late.url)
    await waiting.set('a', 1)
    await late.start()
    await reached(waiting)
    waiting.close()
    await late.close()
  })

  it('loses what Redis has no room for', async () => {
    await client.configSet({ maxmemory: '1', 'maxmemory-policy': 'noeviction' })
    await cache.set('no room', 1)
    expect(await cache.get(['no room'])).to.deep.equal([undefined])
    await client.configSet({ maxmemory: '0' })
    await reached(cache)
  })
})
