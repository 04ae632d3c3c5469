import { expect } from 'chai'
import { ConfigError, readConfig } from '../src/config.ts'

describe('config', () => {
  it('runs with nothing set, on loopback only', () => {
    expect(readConfig({})).to.deep.equal({ port: 4000, host: '127.0.0.1', storeDirectory: './store', logLevel: 'info', cacheUrl: 'memory:', eventBusUrl: 'memory:', eventStoreUrl: 'file:' })
  })

  for (const [name, value, hint] of [
    ['PORT', 'http', 'from 0 to 65535'],
    ['PORT', '65536', 'from 0 to 65535'],
    ['PORT', '-1', 'from 0 to 65535'],
    ['PORT', '', 'from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'info'],
    ['CACHE_URL', 'memcached://cache', 'write CACHE_URL=memory:'],
    ['CACHE_URL', '', 'write CACHE_URL=memory:'],
    ['EVENT_BUS_URL', 'memory', 'write EVENT_BUS_URL=memory:'],
    ['EVENT_STORE_URL', 'file:///elsewhere', 'write EVENT_STORE_URL=file:'],
  ] as const) {
    it(`stops at ${name}=${value} and says what to write instead`, () => {
      expect(() => readConfig({ [name]: value })).to.throw(ConfigError, hint)
    })
  }

  it('does not repeat the password of an address', () => {
    expect(() => readConfig({ CACHE_URL: 'redis://:secret@cache' })).to.throw(ConfigError).with.property('message').that.does.not.include('secret')
  })
})
