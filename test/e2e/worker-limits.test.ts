import { expect } from 'chai'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { WebSocket } from 'ws'
import type { Answer, Connection } from './connection.ts'
import { LEVEL, type ManyProcesses, openShop, startManyProcesses, until } from './workers.ts'

const REQUESTS_PER_SECOND = 10
const WINDOW_SECONDS = 10
const CONNECTIONS_MAX = 12
const SUBSCRIPTIONS_MAX = 3
const FAILURES_PER_SECOND = 1

const codes = (answers: readonly Answer[]) => answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'OK')

describe('the limits of a caller at a server of several processes', () => {
  let many: ManyProcesses
  const start = async (environment: NodeJS.ProcessEnv) => {
    many = await startManyProcesses(environment)
    await openShop(many.server)
  }
  afterEach(() => many.close())

  it('are one share of requests, however many processes a caller asks', async () => {
    await start({ CALLER_REQUESTS_PER_SECOND: String(REQUESTS_PER_SECOND) })
    const connections = many.connect(4)
    const answers = codes((await Promise.all(connections.map(async (each) => {
      const mine = []
      for (let n = 0; n < 40; n += 1) mine.push(await each.ask(LEVEL))
      return mine
    }))).flat())
    const allowed = answers.filter((code) => code === 'OK').length
    expect(answers.every((code) => code === 'OK' || code === 'RATE_LIMITED')).to.equal(true)
    // Two of the share opened the shop; what one process has taken and the other wants is a sixteenth at the most.
    expect(allowed).to.be.at.most(REQUESTS_PER_SECOND * WINDOW_SECONDS - 2)
    expect(allowed).to.be.at.least(Math.floor(REQUESTS_PER_SECOND * WINDOW_SECONDS * 15 / 16) - 2)
  })

  it('are one number of connections: who has as many is told so, and let in when one is closed', async () => {
    await start({ CALLER_CONNECTIONS_MAX: String(CONNECTIONS_MAX) })
    const connections: Connection[] = []
    const opened: Answer[] = []
    for (let n = 0; n < CONNECTIONS_MAX + 4; n += 1) {
      const [connection] = many.connect(1) as [Connection]
      connections.push(connection)
      opened.push(await connection.ask(LEVEL))
    }
    const refused = opened.findIndex(({ status }) => status === 429)
    // Those that the shop was opened over count, too, until they are closed.
    expect(refused).to.be.within(CONNECTIONS_MAX - 4, CONNECTIONS_MAX)
    expect(opened.slice(CONNECTIONS_MAX).map(({ status }) => status)).to.deep.equal(Array(4).fill(429))
    expect(opened.at(-1)?.errors?.[0]?.extensions.code).to.equal('RATE_LIMITED')
    connections[0]!.close()
    const [late] = many.connect(1) as [Connection]
    await until(async () => (await late.ask(LEVEL)).status === 200)
  })

  it('are one number of subscriptions over the sockets of all processes', async () => {
    await start({ CALLER_SUBSCRIPTIONS_MAX: String(SUBSCRIPTIONS_MAX) })
    const sockets = await Promise.all(Array.from({ length: 4 }, async () => {
      const socket = new WebSocket(many.server.url.replace('http', 'ws'), 'graphql-transport-ws')
      await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'connection_init' }))
      await once(socket, 'message')
      return socket
    }))
    const refused = (socket: WebSocket) => new Promise<boolean>((resolve) => {
      socket.once('message', (data: Buffer) => { resolve(data.toString().includes('RATE_LIMITED')) })
    })
    const refusals = sockets.map(refused)
    for (const socket of sockets) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { stockChanged { cursor } }' } }))
    const [first] = await Promise.all([Promise.race(refusals.map(async (refusal, index) => ((await refusal) ? index : Promise.reject(new Error('told of something else')))))])
    expect(first).to.be.within(0, sockets.length - 1)
    await until(async () => Number(/^stockstream_subscribers (\d+)/m.exec(await many.connect(1)[0]!.get('/metrics'))?.[1]) === SUBSCRIPTIONS_MAX)
    // One that leaves makes room for one at another process.
    const [leaving, coming] = [sockets[(first + 1) % 4]!, sockets[first]!]
    leaving.close()
    await once(leaving, 'close')
    await until(async () => {
      coming.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query: 'subscription { stockChanged { cursor } }' } }))
      const told = await Promise.race([refused(coming), new Promise<false>((resolve) => { setTimeout(resolve, 300, false) })])
      return !told
    })
    for (const socket of sockets) socket.terminate()
  })

  it('are one number of failures to be known: every process keeps out who was over it at another', async () => {
    await start({ CALLER_FAILED_AUTHENTICATIONS_PER_SECOND: String(FAILURES_PER_SECOND), AUTH: 'none' })
    const secret = 'a-secret-that-is-long-enough-for-everybody'
    await many.close()
    many = await startManyProcesses({ CALLER_FAILED_AUTHENTICATIONS_PER_SECOND: String(FAILURES_PER_SECOND), AUTH_JWT_SECRET: secret })
    const [one, other] = many.connect(2) as [Connection, Connection]
    const wrong = { authorization: 'Bearer wrong' }
    for (let n = 0; n < FAILURES_PER_SECOND * WINDOW_SECONDS; n += 1) expect((await one.ask(LEVEL, {}, wrong)).status).to.equal(401)
    expect((await other.ask(LEVEL, {}, wrong)).status).to.equal(401)
    await until(async () => (await one.ask(LEVEL, {}, wrong)).status === 429)
    expect((await other.ask(LEVEL, {}, wrong)).status).to.equal(429)
  })

  it('find a connection that is too slow, in the process that it was handed to', async () => {
    await start({ HEADERS_MS_MAX: '500' })
    const { hostname, port } = new URL(many.server.url)
    const socket = connectSocket(Number(port), hostname)
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n')
    const [answer] = await once(socket, 'data') as [Buffer]
    expect(answer.toString()).to.match(/^HTTP\/1.1 408 /)
    socket.destroy()
  })
})
