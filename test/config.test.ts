import { expect } from 'chai'
import { readEdge } from '../src/config/edge.ts'
import { ConfigError, readConfig } from '../src/config.ts'

describe('config', () => {
  it('runs with nothing set, on loopback only', () => {
    expect(readConfig({})).to.deep.equal({ port: 4000, host: '127.0.0.1', storeDirectory: './store', logLevel: 'info', cacheUrl: 'memory:', eventBusUrl: 'memory:', eventStoreUrl: 'file:', webhookAllow: [], otlpEndpoint: undefined, traceRatio: 1, ...readEdge({}), token: undefined, auth: { mode: undefined, jwt: undefined } })
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
    ['EVENT_STORE_URL', '', 'write EVENT_STORE_URL=file:'],
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
    for (const setting of [{ CACHE_URL: 'redis://:secret@cache' }, { EVENT_STORE_URL: 'mysql://root:secret@db' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://:secret@collector' }]) {
      expect(() => readConfig(setting)).to.throw(ConfigError).with.property('message').that.does.not.include('secret')
    }
  })
})
