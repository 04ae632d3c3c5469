import { expect } from 'chai'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import type { DeliveryRequest, DeliverySender } from '../../../src/application/webhooks/ports.ts'
import { createAddresses } from '../../../src/infrastructure/webhooks/addresses.ts'
import { createEndpointGuard } from '../../../src/infrastructure/webhooks/guard.ts'
import { createDeliverySender, type SenderOptions } from '../../../src/infrastructure/webhooks/sender.ts'

const SECRETS = [1, 2].map((seed) => `whsec_${Buffer.alloc(32, seed).toString('base64')}`)
const ALLOWED = createAddresses(['127.0.0.1'])

describe('the sender of deliveries', () => {
  let server: Server
  let port: number
  let sender: DeliverySender
  let requests: number
  let answer: RequestListener

  const make = (options: Partial<SenderOptions> = {}) => createDeliverySender({ addresses: ALLOWED, userAgent: 'Stockstream/test', ...options })
  const send = (more: Partial<DeliveryRequest> = {}, signal = new AbortController().signal) => sender.send({
    url: `http://127.0.0.1:${port}/a?b=c`, id: 'e-1', contentType: 'application/json', body: '{"é":1}', secrets: SECRETS.slice(0, 1), sentAt: Date.now(), ...more,
  }, signal)

  before(async () => {
    server = createServer((request, response) => {
      requests += 1
      answer(request, response)
    })
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    port = (server.address() as AddressInfo).port
  })
  beforeEach(() => {
    requests = 0
    answer = (_request, response) => response.writeHead(204).end()
    sender = make()
  })
  afterEach(() => { sender.close() })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('signs so that the library takes it, by each secret', async () => {
    let seen: unknown
    answer = (request, response) => void buffer(request).then((body) => {
      const verified = SECRETS.map((secret) => new Webhook(secret).verify(body, request.headers as Record<string, string>))
      const { method, url, headers } = request
      seen = { method, url, verified, id: headers['webhook-id'], agent: headers['user-agent'], length: headers['content-length'], signatures: String(headers['webhook-signature']).split(' ').length }
      response.writeHead(200).end()
    })
    expect(await send({ secrets: SECRETS })).to.deep.equal({ statusCode: 200 })
    expect(seen).to.deep.equal({
      method: 'POST', url: '/a?b=c', verified: [{ é: 1 }, { é: 1 }], id: 'e-1', agent: 'Stockstream/test', length: '8', signatures: 2,
    })
  })

  it('takes any 2xx for a receipt, and nothing else', async () => {
    for (const status of [200, 201, 202, 204, 299]) {
      answer = (_request, response) => response.writeHead(status).end()
      expect(await send()).to.deep.equal({ statusCode: status })
    }
    for (const status of [300, 304, 400, 401, 404, 410, 429, 500, 503]) {
      answer = (_request, response) => response.writeHead(status).end()
      expect(await send()).to.have.property('error').that.includes(String(status))
    }
  })

  it('reads Retry-After in seconds and as a date', async () => {
    const now = Date.now()
    const wait = async (header: string) => {
      answer = (_request, response) => response.writeHead(503, { 'retry-after': header }).end()
      return (await send({ sentAt: now })).retryAfterMs
    }
    expect(await wait('120')).to.equal(120_000)
    expect(await wait(new Date(now + 90_000).toUTCString())).to.be.within(88_000, 90_000)
    for (const none of ['0', '-5', 'soon', '', new Date(now - 90_000).toUTCString()]) expect(await wait(none), none).to.equal(undefined)
  })

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end()
    expect((await send()).error).to.include('not followed')
    expect(requests).to.equal(1)
  })

  it('waits for an answer only so long, also for one that trickles', async () => {
    sender.close()
    sender = make({ timeoutMs: 50 })
    answer = () => undefined
    expect(await send()).to.deep.equal({ statusCode: null, error: 'No answer came within 50 ms.' })
    const trickling = createTcpServer((socket) => { socket.on('error', () => undefined).resume().write('HTTP/1.1 2') })
    await new Promise<void>((resolve) => { trickling.listen(0, '127.0.0.1', resolve) })
    expect((await send({ url: `http://127.0.0.1:${(trickling.address() as AddressInfo).port}/` })).error).to.include('within 50 ms')
    await new Promise((resolve) => trickling.close(resolve))
  })

  it('is content with the status of an answer that never ends', async () => {
    sender.close()
    sender = make({ timeoutMs: 3_000 })
    answer = (_request, response) => response.writeHead(200).write('a')
    expect(await send()).to.deep.equal({ statusCode: 200 })
  })

  it('reads no endless answer', async () => {
    const isLetGo = new Promise((resolve) => {
      answer = (_request, response) => {
        const more = (): void => { while (response.write(Buffer.alloc(16_384))) continue }
        response.writeHead(200).on('drain', more).once('close', resolve)
        more()
      }
    })
    expect(await send()).to.deep.equal({ statusCode: 200 })
    await isLetGo
  })

  it('keeps its connection, and takes a new one where the other end closed it just then', async () => {
    let connections = 0
    const count = (): void => { connections += 1 }
    server.on('connection', count)
    for (let time = 0; time < 3; time++) await send()
    expect(connections).to.equal(1)
    answer = (request, response) => {
      if (requests === 5) request.socket.destroy()
      else response.writeHead(200).end()
    }
    await send()
    expect(await send()).to.deep.equal({ statusCode: 200 })
    server.off('connection', count)
    expect([requests, connections]).to.deep.equal([6, 2])
  })

  it('says in a word why nobody answered', async () => {
    const free = await new Promise<number>((resolve) => {
      const closed = createTcpServer().listen(0, '127.0.0.1', () => {
        const { port: number } = closed.address() as AddressInfo
        closed.close(() => { resolve(number) })
      })
    })
    expect(await send({ url: `http://127.0.0.1:${free}/` })).to.deep.equal({ statusCode: null, error: 'No answer came: ECONNREFUSED.' })
    expect((await send({ url: `https://127.0.0.1:${port}/` })).error).to.match(/^No answer came: \w+/)
  })

  it('rejects where it is told to stop, and only then', async () => {
    const stop = new AbortController()
    answer = () => { stop.abort(new Error('stopped')) }
    const error: unknown = await send({}, stop.signal).catch((reason: unknown) => reason)
    expect(error).to.have.property('message', 'stopped')
  })

  it('connects to no address that is not public, however it is come by', async () => {
    sender.close()
    sender = make({ addresses: createAddresses([]) })
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0']) {
      expect((await send({ url: `http://${host}:${port}/` })).error, host).to.include('is no public address')
    }
    expect(requests).to.equal(0)
  })

  it('connects to no name that was public when it was registered and is not any more', async () => {
    const answers = [['1.1.1.1'], ['127.0.0.1']]
    const addresses = createAddresses([], () => Promise.resolve(answers.shift() ?? ['127.0.0.1']))
    const url = `http://rebinding.example:${port}/`
    expect(await createEndpointGuard(addresses).refusal(url)).to.equal(undefined)
    sender.close()
    sender = make({ addresses })
    expect((await send({ url })).error).to.include('rebinding.example is at 127.0.0.1')
    expect(requests).to.equal(0)
  })

  it('connects to the very address that was looked at', async () => {
    let looks = 0
    sender.close()
    sender = make({ addresses: createAddresses(['hooks.intranet'], () => { looks += 1; return Promise.resolve(['127.0.0.1']) }) })
    expect(await send({ url: `http://hooks.intranet:${port}/` })).to.deep.equal({ statusCode: 204 })
    expect(looks).to.equal(1)
  })
})
