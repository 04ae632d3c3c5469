import { expect } from 'chai'
import { readEdge } from '../src/config/edge.ts'
import { ConfigError, readConfig } from '../src/config.ts'

describe('config', () => {
  it('runs with nothing set, on loopback only', () => {
    expect(readConfig({})).to.deep.equal({ port: 4000, host: '127.0.0.1', storeDirectory: './store', logLevel: 'info', cacheUrl: 'memory:', readModelUrl: 'file:', cacheSecret: undefined, eventBus: undefined, role: 'all', writeUrl: undefined, nodeUrl: undefined, deliversWebhooks: true, workers: 0, eventStoreUrl: 'file:', webhookAllow: [], otlpEndpoint: undefined, traceRatio: 1, ...readEdge({}), token: undefined, auth: { mode: undefined, jwt: undefined } })
  })

  for (const [name, value, hint] of [
    ['PORT', 'http', 'from 0 to 65535'],
    ['PORT', '65536', 'from 0 to 65535'],
    ['PORT', '-1', 'from 0 to 65535'],
    ['PORT', '', 'from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'info'],
    ['CACHE_URL', 'memcached://cache', 'write CACHE_URL=memory:'],
    ['CACHE_URL', '', 'write CACHE_URL=memory:'],
    ['CACHE_URL', 'redis:', 'CACHE_URL=redis://127.0.0.1:6379'],
    ['CACHE_URL', 'redis://cache/first', 'CACHE_URL=redis://127.0.0.1:6379'],
    ['CACHE_SECRET', 'x'.repeat(15), 'write 16 bytes or more'],
    ['EVENT_BUS_URL', 'memory', 'write EVENT_BUS_URL=memory:'],
    ['EVENT_BUS_URL', 'kafka://broker:9092', 'kafka://127.0.0.1:9092,127.0.0.1:9093/stockstream'],
    ['EVENT_BUS_URL', 'kafka://broker/stockstream', 'kafka://127.0.0.1:9092,127.0.0.1:9093/stockstream'],
    ['EVENT_BUS_URL', 'kafka://broker:9092/stock stream', 'kafka://127.0.0.1:9092,127.0.0.1:9093/stockstream'],
    ['EVENT_BUS_URL', 'nats://broker:4222/stockstream', 'write EVENT_BUS_URL=memory:'],
    ['ROLE', 'reader', 'write one of all, write, read'],
    ['ROLE', 'read', 'EVENT_STORE_URL=mysql://'],
    ['WRITE_URL', 'stock.example', 'WRITE_URL=https://stock.example/graphql'],
    ['NODE_URL', '10.0.0.1:4000', 'NODE_URL=http://10.0.0.1:4000'],
    ['NODE_URL', 'http://10.0.0.1:4000/graphql', 'NODE_URL=http://10.0.0.1:4000'],
    ['NODE_URL', 'http://me:secret@10.0.0.1:4000', 'NODE_URL=http://10.0.0.1:4000'],
    ['WEBHOOKS', 'no', 'write WEBHOOKS=on or WEBHOOKS=off'],
    ['EVENT_STORE_URL', 'file:///elsewhere', 'write EVENT_STORE_URL=file:'],
    ['EVENT_STORE_URL', '', 'write EVENT_STORE_URL=file:'],
    ['READ_MODEL_URL', '', 'write READ_MODEL_URL=file:'],
    ['READ_MODEL_URL', 'mysql://database', 'mysql://user:password@host:3306/stockstream'],
    ['READ_MODEL_URL', 'sqlite:read.db', 'write READ_MODEL_URL=file:'],
    ['EVENT_STORE_URL', 'mysql://database', 'mysql://user:password@host:3306/stockstream'],
    ['EVENT_STORE_URL', 'mysql://database/one/two', 'mysql://user:password@host:3306/stockstream'],
    ['EVENT_STORE_URL', 'postgres://database/stock', 'mysql://user:password@host:3306/stockstream'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'http://127.0.0.1:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'http://127.0.0.1:4318'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '', 'from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'all', 'from 0 to 1'],
    ['WEBHOOK_ALLOW', 'http://intranet', 'hooks.intranet,10.1.0.0/16'],
    ['WEBHOOK_ALLOW', '10.1.0.0/33', 'hooks.intranet,10.1.0.0/16'],
    ['WEBHOOK_ALLOW', '10.1.0.0/', 'hooks.intranet,10.1.0.0/16'],
    ['WEBHOOK_ALLOW', 'intranet/8', 'hooks.intranet,10.1.0.0/16'],
    ['WEBHOOK_ALLOW', '*', 'hooks.intranet,10.1.0.0/16'],
    ['WEBHOOK_ALLOW', '10.1', 'hooks.intranet,10.1.0.0/16'],
    ['WORKERS', 'many', 'write a whole number from 0 to 64'],
    ['WORKERS', '-1', 'write a whole number from 0 to 64'],
    ['WORKERS', '1.5', 'write a whole number from 0 to 64'],
    ['WORKERS', '65', 'write a whole number from 0 to 64'],
    ['WORKERS', '', 'write a whole number from 0 to 64'],
    ['AUTH', 'yes', 'write AUTH=required'],
    ['AUTH', '', 'write AUTH=required'],
    ['AUTH_JWT_SECRET', 'x'.repeat(31), 'write 32 bytes or more'],
    ['AUTH_JWKS_URL', 'login.example/jwks', 'https://login.example/'],
    ['AUTH_JWKS_URL', 'ftp://login.example/jwks', 'https://login.example/'],
    ['AUTH_JWKS_FILE', '', '/etc/stockstream/jwks.json'],
    ['AUTH_ISSUER', 'https://login.example/', 'write one of AUTH_JWT_SECRET'],
    ['AUTH_AUDIENCE', 'stock', 'write one of AUTH_JWT_SECRET'],
  ] as const) {
    it(`stops at ${name}=${value} and says what to write instead`, () => {
      expect(() => readConfig({ [name]: value })).to.throw(ConfigError, hint)
    })
  }

  it('takes a database for the event store', () => {
    for (const url of ['mysql://root@127.0.0.1:3306/stock', 'mysql://db/stock?ssl={"rejectUnauthorized":true}']) expect(readConfig({ EVENT_STORE_URL: url }).eventStoreUrl).to.equal(url)
  })

  it('reads where webhooks may post to', () => {
    expect(readConfig({ WEBHOOK_ALLOW: ' hooks.intranet, 10.1.0.0/16,::1,fd00::/8, ' }).webhookAllow).to.deep.equal(['hooks.intranet', '10.1.0.0/16', '::1', 'fd00::/8'])
  })

  for (const url of ['redis://cache', 'redis://me:secret@127.0.0.1:6380/2', 'rediss://cache:6379/']) {
    it(`takes ${url} for the cache`, () => { expect(readConfig({ CACHE_URL: url }).cacheUrl).to.equal(url) })
  }

  it('takes workers for a log in a folder alone', () => {
    for (const workers of [0, 1, 2, 64]) expect(readConfig({ WORKERS: String(workers) }).workers).to.equal(workers)
    for (const name of ['EVENT_STORE_URL', 'READ_MODEL_URL']) {
      expect(() => readConfig({ WORKERS: '2', [name]: 'mysql://root@127.0.0.1:3306/stock' })).to.throw(ConfigError, 'leave WORKERS out and start more nodes')
    }
  })

  it('reads what the node is for', () => {
    const { role, writeUrl, nodeUrl, deliversWebhooks } = readConfig({ ROLE: 'read', EVENT_STORE_URL: 'mysql://root@127.0.0.1:3306/stock', WRITE_URL: 'http://127.0.0.1:4000/graphql', NODE_URL: 'http://10.0.0.1:4000', WEBHOOKS: 'off' })
    expect([role, writeUrl, nodeUrl, deliversWebhooks]).to.deep.equal(['read', 'http://127.0.0.1:4000/graphql', 'http://10.0.0.1:4000', false])
  })

  it('reads the brokers, the topic and who asks there', () => {
    const { eventBus } = readConfig({ EVENT_BUS_URL: 'kafkas://me:se%40cret@a.example:9092,b.example:9093/stock.events' })
    expect(eventBus).to.deep.equal({ brokers: ['a.example:9092', 'b.example:9093'], topic: 'stock.events', isEncrypted: true, user: { username: 'me', password: 'se@cret' } })
    expect(readConfig({ EVENT_BUS_URL: 'kafka://127.0.0.1:9092/stock' }).eventBus).to.deep.equal({ brokers: ['127.0.0.1:9092'], topic: 'stock', isEncrypted: false, user: undefined })
  })

  it('reads whose tokens are good', () => {
    const secret = 'x'.repeat(32)
    expect(readConfig({ AUTH_JWT_SECRET: secret, AUTH_ISSUER: 'me', AUTH_AUDIENCE: 'stock', AUTH_ROLE_CLAIM: 'https://shop/role' }).auth).to.deep.equal({
      mode: undefined, jwt: { keys: { secret }, issuer: 'me', audience: 'stock', claims: { role: 'https://shop/role', locations: 'locations' } },
    })
  })

  it('refuses settings of which one makes the other void', () => {
    expect(() => readConfig({ AUTH: 'none', AUTH_JWKS_FILE: 'jwks.json' })).to.throw(ConfigError, 'leave one of them out')
    expect(() => readConfig({ AUTH_JWKS_URL: 'https://login.example/jwks', AUTH_JWKS_FILE: 'jwks.json' })).to.throw(ConfigError, 'write one of them')
  })

  it('does not repeat a secret that is too short', () => {
    expect(() => readConfig({ AUTH_JWT_SECRET: 'hunter2' })).to.throw(ConfigError).with.property('message').that.does.not.include('hunter2')
  })

  it('does not repeat the password of an address', () => {
    for (const setting of [{ CACHE_URL: 'redis://:secret@cache/x' }, { CACHE_SECRET: 'secret' }, { EVENT_BUS_URL: 'kafka://me:secret@broker/stock' }, { EVENT_STORE_URL: 'mysql://root:secret@db' }, { READ_MODEL_URL: 'mysql://root:secret@db' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://:secret@collector' }]) {
      expect(() => readConfig(setting)).to.throw(ConfigError).with.property('message').that.does.not.include('secret')
    }
  })
})
