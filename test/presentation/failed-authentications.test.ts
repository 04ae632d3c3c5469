import { expect } from 'chai'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { type Identity, Unauthenticated } from '../../src/application/access/identity.ts'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const GOOD = 'good'
const CLERK: Identity = { actor: 'till-7', role: 'clerk', locations: 'all' }
/** A burst may take ten seconds' share. */
const FAILURES_MAX = 10
const [HERE, ELSEWHERE] = ['127.0.0.1', '127.0.0.2']

describe('who fails to be known, again and again from one address', () => {
  let server: TestServer
  let looked = 0

  beforeEach(async () => {
    looked = 0
    server = await openTestServer(undefined, {
      limits: { ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, failedAuthenticationsPerSecond: 1 } },
      authenticator: {
        authenticate(token) {
          looked += 1
          return token === GOOD ? Promise.resolve(CLERK) : Promise.reject(new Unauthenticated('The token is not valid here.'))
        },
      },
    })
  })

  afterEach(() => server.close())

  async function ask(token: string, localAddress = HERE, path = '/graphql?query={__typename}'): Promise<{ status: number | undefined; after: string | undefined; body: string }> {
    const sent = request(`${server.url}${path}`, { localAddress, headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode, after: response.headers['retry-after'], body: await text(response) }
  }

  /** The code that a socket is closed with; 1000 where it was let in. */
  async function connect(token: string, localAddress = HERE): Promise<readonly [code: number, reason: string]> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { localAddress })
    await once(socket, 'open')
    socket.once('message', () => { socket.close(1000) })
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
    return [code, reason.toString()]
  }

  it('is refused with 429 and when to come again, and nothing is looked at any more', async () => {
    for (let failed = 0; failed <= FAILURES_MAX; failed++) expect((await ask('bad')).status).to.equal(401)
    const before = looked
    for (const path of ['/graphql?query={__typename}', '/metrics']) {
      const { status, after, body } = await ask('bad', HERE, path)
      expect(status).to.equal(429)
      expect(Number(after)).to.be.within(1, 10)
      const { errors: [{ extensions }] } = JSON.parse(body) as { errors: [{ extensions: { code: string; retryAfterMs: number } }] }
      expect(extensions.code).to.equal('RATE_LIMITED')
      expect(extensions.retryAfterMs).to.be.within(1, 10_000)
    }
    expect((await ask(GOOD)).status, 'looking at it is what costs').to.equal(429)
    expect(looked).to.equal(before)
  })

  it('is counted over HTTP and on sockets together, which are closed with 4429', async () => {
    for (let failed = 0; failed < FAILURES_MAX; failed++) expect((await connect('bad'))[0]).to.equal(4403)
    expect((await ask('bad')).status).to.equal(401)
    const [code, reason] = await connect(GOOD)
    expect(code).to.equal(4429)
    expect(reason).to.match(/go on in \d+ ms/)
    expect((await ask(GOOD)).status).to.equal(429)
  })

  it('keeps out nobody who comes from another address, and takes nothing from those who are known', async () => {
    for (let asked = 0; asked < 3 * FAILURES_MAX; asked++) expect((await ask(GOOD)).status).to.equal(200)
    for (let failed = 0; failed <= FAILURES_MAX; failed++) await ask('bad')
    expect((await ask('bad')).status).to.equal(429)
    expect((await ask(GOOD, ELSEWHERE)).status).to.equal(200)
    expect((await connect(GOOD, ELSEWHERE))[0]).to.equal(1000)
  })

  it('is let in again when the time is over', async () => {
    for (let failed = 0; failed <= FAILURES_MAX; failed++) await ask('bad')
    let told = await ask(GOOD)
    expect(told.status).to.equal(429)
    const until = Date.now() + Number(told.after) * 1_000
    while (told.status === 429 && Date.now() < until + 30_000) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      told = await ask(GOOD)
    }
    expect(told.status).to.equal(200)
  })
})
