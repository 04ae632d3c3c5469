import { expect } from 'chai'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Unauthenticated } from '../../../src/application/access/identity.ts'
import { type Authenticator, Unavailable } from '../../../src/application/ports.ts'
import { createJwtAuthenticator } from '../../../src/infrastructure/auth/jwt.ts'
import type { RemoteKeysOptions } from '../../../src/infrastructure/auth/remote-keys.ts'
import { createBreaker, type OwnedBreaker } from '../../../src/infrastructure/resilience/breaker.ts'
import { silent } from '../../application/test-inventory.ts'
import { until } from '../../application/webhooks/receiver.ts'

interface Signer { readonly jwk: object; token(): Promise<string> }

/** No two of its tokens are the same, so that each has to be verified. */
async function createSigner(kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  let made = 0
  return {
    jwk: { ...await exportJWK(publicKey), kid, alg: 'ES256' },
    token: () => new SignJWT({ sub: 'ana', role: 'clerk' }).setJti(String(made++)).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
  }
}

describe('keys that a server publishes', () => {
  let server: Server
  let breaker: OwnedBreaker
  let ana: Signer
  let asked: number
  let answer: RequestListener
  let url: string

  const publish = (...signers: readonly Signer[]): void => {
    answer = (_request, response) => { response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: signers.map(({ jwk }) => jwk) })) }
  }
  const fail = (): void => { answer = (_request, response) => { response.writeHead(500).end() } }
  const hang = (): void => { answer = () => undefined }

  before(async () => {
    server = createServer((request, response) => {
      asked += 1
      answer(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
    ana = await createSigner('a')
  })

  after(() => {
    server.closeAllConnections()
    server.close()
  })

  beforeEach(() => {
    asked = 0
    breaker = createBreaker({ name: 'keys', probeAfterMs: 50, logger: silent })
  })
  afterEach(() => { breaker.close() })

  const authenticator = (options: Partial<RemoteKeysOptions> = {}): Authenticator =>
    createJwtAuthenticator({ keys: { jwks: { url, breaker, logger: silent, ...options } }, claims: { role: 'role', locations: 'locations' } })
  const outcome = (by: Authenticator, token: string): Promise<unknown> => by.authenticate(token).then(({ actor }) => actor, (error: unknown) => error)

  for (const [what, goAway] of [['fails', fail], ['hangs', hang]] as const) {
    it(`go on being used while it ${what}, and nobody waits for it`, async () => {
      publish(ana)
      const by = authenticator({ freshMsMax: 0, restMs: 0, answerMsMax: 60_000 })
      expect(await outcome(by, await ana.token())).to.equal('ana')
      goAway()
      for (let time = 0; time < 20; time++) expect(await outcome(by, await ana.token())).to.equal('ana')
      expect(asked, 'it was asked anew').to.be.greaterThan(1)
    })
  }

  it('are asked for by nobody any more where that fails too often, until one has tried again', async () => {
    fail()
    const by = authenticator()
    for (let time = 0; breaker.state() !== 'OPEN'; time++) {
      expect(await outcome(by, await ana.token())).to.be.instanceOf(Unavailable)
      expect(time, 'the breaker never opened').to.be.below(50)
    }
    const before = asked
    expect(await outcome(by, await ana.token())).to.be.instanceOf(Unavailable).with.property('retryAfterMs').that.is.greaterThan(0)
    expect(asked).to.equal(before)
    publish(ana)
    await until(async () => await outcome(by, await ana.token()) === 'ana')
    expect(breaker.state()).to.equal('CLOSED')
  })

  it('are waited for only so long where none is known, by all who wait in one request', async () => {
    hang()
    const by = authenticator({ answerMsMax: 50 })
    const outcomes = await Promise.all(Array.from({ length: 20 }, async () => outcome(by, await ana.token())))
    for (const each of outcomes) expect(each).to.be.instanceOf(Unavailable)
    expect(breaker.state()).to.equal('OPEN')
    expect(asked).to.be.below(20)
  })

  it('are read anew for a key that is not known, and not again soon for one that is made up', async () => {
    publish(ana)
    const by = authenticator({ restMs: 500 })
    await by.authenticate(await ana.token())
    const ben = await createSigner('b')
    publish(ana, ben)
    expect(await outcome(by, await ben.token()), 'too soon').to.be.instanceOf(Unauthenticated)
    await until(async () => await outcome(by, await ben.token()) === 'ana')
    const before = asked
    const stranger = await createSigner('s')
    for (let time = 0; time < 10; time++) expect(await outcome(by, await stranger.token())).to.be.instanceOf(Unauthenticated)
    expect(asked - before).to.be.below(10)
  })

  it('follow no redirect and take nothing that is no set of keys', async () => {
    answer = (_request, response) => { response.writeHead(302, { location: '/elsewhere' }).end() }
    expect(await outcome(authenticator(), await ana.token())).to.be.instanceOf(Unavailable)
    expect(asked).to.equal(1)
    answer = (_request, response) => { response.end('{"keys": 1}') }
    expect(await outcome(authenticator(), await ana.token())).to.be.instanceOf(Unavailable)
  })
})
