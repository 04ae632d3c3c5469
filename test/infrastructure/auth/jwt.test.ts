import { expect } from 'chai'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Unauthenticated } from '../../../src/application/access/identity.ts'
import { type Authenticator, Unavailable } from '../../../src/application/ports.ts'
import { silent } from '../../application/test-inventory.ts'
import { createJwtAuthenticator, type JwtKeys, type JwtOptions } from '../../../src/infrastructure/auth/jwt.ts'

const claims = { role: 'role', locations: 'locations' }
const secret = 'a secret of the shop and the one who signs'
const GOOD = { sub: 'ana', role: 'clerk', locations: ['LIS'] }

type Key = Parameters<SignJWT['sign']>[0]
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const signed = (payload: JWTPayload, key: Key = bytes(secret), header: { alg: string; kid?: string } = { alg: 'HS256' }): Promise<string> =>
  new SignJWT(payload).setProtectedHeader(header).sign(key)

const authenticator = (keys: JwtKeys = { secret }, options: Partial<JwtOptions> = {}): Authenticator => createJwtAuthenticator({ keys, claims, ...options })

/** Each call is made, whatever became of those before. */
const remote = (url: string): JwtKeys => ({ jwks: { url, logger: silent, breaker: { run: (call) => call() } } })

async function refusal(token: string, by = authenticator()): Promise<string> {
  const error: unknown = await by.authenticate(token).then(() => undefined, (reason: unknown) => reason)
  expect(error).to.be.instanceOf(Unauthenticated)
  return (error as Error).message
}

describe('tokens that somebody else has signed', () => {
  const now = Math.floor(Date.now() / 1_000)

  it('say who asks, what they may, where and how long', async () => {
    const token = await signed({ ...GOOD, exp: now + 3_600 })
    expect(await authenticator().authenticate(token)).to.deep.equal({ actor: 'ana', role: 'clerk', locations: new Set(['LIS']), expiresAt: (now + 3_600) * 1_000 })
  })

  it('bind to no location where they name none', async () => {
    for (const locations of [undefined, '*']) {
      expect((await authenticator().authenticate(await signed({ ...GOOD, locations }))).locations).to.equal('all')
    }
    expect((await authenticator().authenticate(await signed({ ...GOOD, locations: [] }))).locations, 'bound, to none at all').to.deep.equal(new Set())
  })

  it('may say it in claims of other names', async () => {
    const names = { role: 'https://shop.example/role', locations: 'stores' }
    const token = await signed({ sub: 'ana', [names.role]: 'admin', stores: ['OPO'], role: 'reader' })
    expect(await authenticator(undefined, { claims: names }).authenticate(token)).to.deep.include({ role: 'admin', locations: new Set(['OPO']) })
  })

  for (const [what, payload, message] of [
    ['of nobody', { role: 'clerk' }, 'sub'],
    ['without a role', { sub: 'ana' }, 'reader, clerk, manager, admin'],
    ['of a role that there is not', { ...GOOD, role: 'owner' }, 'reader, clerk, manager, admin'],
    ['with locations that are no list', { ...GOOD, locations: 'LIS' }, 'list of codes'],
    ['with a location that is no code', { ...GOOD, locations: [1] }, 'list of codes'],
    ['that is over', { ...GOOD, exp: now - 60 }, 'expired'],
    ['that has not begun', { ...GOOD, nbf: now + 3_600 }, 'not valid'],
    ['of another issuer', { ...GOOD, iss: 'them' }, 'not valid'],
    ['of no issuer', { ...GOOD, iss: '' }, 'not valid'],
    ['for another audience', { ...GOOD, aud: 'till' }, 'not valid'],
  ] as const) {
    it(`refuses one ${what}`, async () => {
      expect(await refusal(await signed({ iss: 'us', aud: 'stock', ...payload }), authenticator(undefined, { issuer: 'us', audience: 'stock' }))).to.include(message)
    })
  }

  it('are taken a little after their end, for clocks that differ', async () => {
    const token = await signed({ ...GOOD, exp: now - 2 })
    expect((await authenticator(undefined, { clockToleranceSeconds: 3_600 }).authenticate(token)).actor).to.equal('ana')
    expect(await refusal(token, authenticator(undefined, { clockToleranceSeconds: 0 }))).to.include('expired')
  })

  it('are known the next time, and not after their end', async () => {
    const by = authenticator(undefined, { clockToleranceSeconds: 0 })
    const token = await signed({ ...GOOD, exp: Math.ceil(Date.now() / 1_000) + 2 })
    const first = await by.authenticate(token)
    expect(await by.authenticate(token)).to.equal(first)
    while (Date.now() < first.expiresAt!) await wait(50)
    expect(await refusal(token, by)).to.include('expired')
  })

  it('are refused without a word of why, where they are not signed with the secret', async () => {
    const good = await signed(GOOD)
    const [header = '', , signature = ''] = good.split('.')
    const other = Buffer.from(JSON.stringify({ ...GOOD, role: 'admin' })).toString('base64url')
    for (const token of [
      await signed(GOOD, bytes('another secret, as long as the one of the shop')),
      await signed({ ...GOOD, exp: now - 60 }, bytes('another secret, as long as the one of the shop')),
      new UnsecuredJWT(GOOD).encode(),
      await signed(GOOD, bytes(secret.repeat(2)), { alg: 'HS512' }),
      `${header}.${other}.${signature}`,
      'x', '', 'a.b.c', '..', good.slice(0, -2),
    ]) expect(await refusal(token)).to.equal('The token is not valid here.')
  })

  describe('with public keys', () => {
    let server: Server
    let served: object
    let asked = 0
    let url: string
    let folder: string

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stockstream-jwks-'))
      server = createServer((_request, response) => {
        asked += 1
        response.setHeader('content-type', 'application/json').end(JSON.stringify(served))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
    })

    after(async () => {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    })

    const made = async (alg: string, kid: string) => {
      const { publicKey, privateKey } = await generateKeyPair(alg)
      return { privateKey, jwk: { ...await exportJWK(publicKey), kid, alg, use: 'sig' } }
    }

    it('are good by RS256 and ES256, by the keys of a server that is asked once', async () => {
      const [rsa, ec, unknown] = await Promise.all([made('RS256', 'r'), made('ES256', 'e'), made('ES256', 'u')])
      served = { keys: [rsa.jwk, ec.jwk] }
      const by = authenticator(remote(url))
      const before = asked
      for (const [alg, { privateKey, jwk: { kid } }] of [['RS256', rsa], ['ES256', ec]] as const) {
        expect((await by.authenticate(await signed(GOOD, privateKey, { alg, kid }))).actor).to.equal('ana')
      }
      expect(await refusal(await signed(GOOD, unknown.privateKey, { alg: 'ES256', kid: 'u' }), by)).to.equal('The token is not valid here.')
      expect(await refusal(await signed(GOOD, unknown.privateKey, { alg: 'ES256', kid: 'e' }), by)).to.equal('The token is not valid here.')
      expect(asked).to.equal(before + 1)
    })

    it('are good by the keys of a file, and never by a public key that is taken for a secret', async () => {
      const rsa = await made('RS256', 'r')
      const jwksFile = join(folder, 'jwks.json')
      await writeFile(jwksFile, JSON.stringify({ keys: [rsa.jwk] }))
      const by = authenticator({ jwksFile })
      expect((await by.authenticate(await signed(GOOD, rsa.privateKey, { alg: 'RS256', kid: 'r' }))).actor).to.equal('ana')
      for (const guess of [JSON.stringify(rsa.jwk), rsa.jwk.n ?? '']) await refusal(await signed(GOOD, bytes(guess), { alg: 'HS256', kid: 'r' }), by)
    })

    it('are not blamed where the keys are out of reach', async () => {
      const rsa = await made('RS256', 'r')
      const token = await signed(GOOD, rsa.privateKey, { alg: 'RS256', kid: 'r' })
      const gone = createServer().listen(0, '127.0.0.1')
      await once(gone, 'listening')
      const { port } = gone.address() as AddressInfo
      gone.close()
      await once(gone, 'close')
      const error: unknown = await authenticator(remote(`http://127.0.0.1:${port}/`)).authenticate(token).then(() => undefined, (reason: unknown) => reason)
      expect(error).to.be.instanceOf(Unavailable)
      served = { error: 'none' }
      expect(await authenticator(remote(url)).authenticate(token).then(() => undefined, (reason: unknown) => reason)).to.be.instanceOf(Unavailable)
    })
  })
})
