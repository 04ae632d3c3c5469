import { expect } from 'chai'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Connection } from './connection.ts'
import { startServerProcess } from './server-process.ts'
import { ADD, addition, isAlive, LEVEL, type ManyProcesses, openShop, startManyProcesses } from './workers.ts'

const STOP_MS_MAX = 10_000

describe('a server of several processes that is told to go', () => {
  let many: ManyProcesses

  beforeEach(async () => {
    many = await startManyProcesses()
    await openShop(many.server)
  })
  afterEach(() => many.close())

  /** A request that has been taken and can't be answered, as half of it never comes. */
  async function halfRequest(): Promise<Socket> {
    const { hostname, port } = new URL(many.server.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":')
    return socket
  }

  it('answers what all processes have taken, tells subscribers where to go on, ends within 10 s and well, and leaves nobody behind', async () => {
    const connections = many.connect(4)
    const { data } = await connections[0]!.ask(ADD, addition())
    const socket = new WebSocket(many.server.url.replace('http', 'ws'), 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await once(socket, 'message')
    const told = once(socket, 'message')
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: `subscription { stockChanged(after: "${data.addStock.cursor}") { cursor } }` } }))
    await connections[1]!.ask(ADD, addition())
    await told
    const farewell = once(socket, 'close') as Promise<[number, Buffer]>
    const slow = await halfRequest()
    await connections[2]!.ask(LEVEL)
    const pids = many.pids()
    let answered = 0
    const asking = connections.map(async (each: Connection, index) => {
      for (let n = 0; ; n += 1) {
        const answer = await each.ask(ADD, addition(`${index}-${n}`)).catch(() => undefined)
        // Told to go elsewhere, or the connection is closed after an answer.
        if (!answer || answer.errors) return
        answered += 1
      }
    })
    const startedAt = Date.now()
    expect(await many.server.kill('SIGTERM')).to.equal(0)
    expect(Date.now() - startedAt).to.be.lessThan(STOP_MS_MAX)
    await Promise.all(asking)
    slow.destroy()
    const [code, reason] = await farewell
    expect(code).to.equal(1001)
    expect(reason.toString()).to.match(/^Going away: go on after /)
    expect(pids.filter(isAlive)).to.deep.equal([])

    const next = await startServerProcess(many.directory)
    const { stockLevel } = await next.query('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }') as { stockLevel: { quantities: { onHand: number } } }
    expect(stockLevel.quantities.onHand).to.be.at.least(2 + answered)
    await next.kill('SIGTERM')
  })

  it('ends at once at the second signal, its workers with it', async () => {
    const socket = await halfRequest()
    const pids = many.pids()
    const [connection] = many.connect(1) as [Connection]
    await connection.ask(LEVEL)
    const exit = many.server.kill('SIGTERM')
    while (await fetch(many.server.url).then(() => true, () => false)) await new Promise((resolve) => { setTimeout(resolve, 10) })
    const startedAt = Date.now()
    void many.server.kill('SIGINT')
    expect(await exit, 'it ended as if nothing had told it to hurry').to.equal(null)
    while (pids.some(isAlive)) await new Promise((resolve) => { setTimeout(resolve, 10) })
    expect(Date.now() - startedAt).to.be.lessThan(3_000)
    socket.destroy()
  })
})
