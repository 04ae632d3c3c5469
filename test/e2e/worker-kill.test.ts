import { expect } from 'chai'
import { Subscriber } from '../faults/subscriber.ts'
import type { Connection } from './connection.ts'
import { startServerProcess } from './server-process.ts'
import { ADD, addition, isAlive, LEVEL, type ManyProcesses, openShop, startManyProcesses, until, WORKERS } from './workers.ts'

const CONNECTIONS = 8
const ADDITIONS_EACH = 150
const KILLED_AFTER = 40

describe('processes of a server that are killed', () => {
  let many: ManyProcesses

  beforeEach(async () => {
    many = await startManyProcesses()
    await openShop(many.server)
  })
  afterEach(() => many.close())

  const counted = async (connection: Connection) => Number(/^stockstream_http_request_duration_seconds_count\{method="POST",route="\/graphql",status="200"\} (\d+)/m.exec(await connection.get('/metrics'))?.[1])

  it('a worker: it is replaced, the others go on, nothing is lost or done twice, and no answer is wrong', async () => {
    const connections = many.connect(CONNECTIONS)
    const [{ data }] = await Promise.all(connections.map((each) => each.ask(ADD, addition()))) as [Awaited<ReturnType<Connection['ask']>>]
    const subscribers = [0, 1].map(() => new Subscriber(() => many.server.url, data.addStock.cursor))
    const [killed = 0] = many.pids()
    const broken = new Set<number>()
    let [done, countedBefore] = [0, 0]

    async function client(connection: Connection, index: number): Promise<void> {
      for (let n = 0; n < ADDITIONS_EACH; n += 1) {
        const version = await persistently(() => connection.ask(ADD, addition(`${index}-${n}`)), index)
        const seen = await persistently(() => connection.ask(LEVEL), index)
        expect(seen.data.stockLevel.version).to.be.at.least(version.data.addStock.stockLevel.version)
        done += 1
        if (done === KILLED_AFTER) {
          countedBefore = await counted(connection)
          process.kill(killed, 'SIGKILL')
        }
      }
    }
    /** As clients do: again, with the same key, where the connection breaks. */
    async function persistently(ask: () => ReturnType<Connection['ask']>, index: number): ReturnType<Connection['ask']> {
      for (;;) {
        const answer = await ask().catch(() => { broken.add(index) })
        if (!answer) continue
        expect(answer.errors).to.equal(undefined)
        return answer
      }
    }

    await Promise.all(connections.map(client))
    await until(() => many.pids().length === WORKERS)
    expect(many.pids()).to.not.include(killed)
    expect(broken.size, 'connections of the other worker broke, too').to.equal(CONNECTIONS / WORKERS)
    const answer = await connections[0]!.ask(LEVEL)
    expect(answer.data.stockLevel.quantities.onHand).to.equal(CONNECTIONS * (1 + ADDITIONS_EACH))
    expect(await counted(connections[0]!), 'what was counted fell').to.be.at.least(countedBefore)
    await until(() => subscribers.every(({ changes }) => changes.at(-1)?.event.version === answer.data.stockLevel.version))
    for (const subscriber of subscribers) {
      subscriber.end()
      const versions = subscriber.changes.map(({ event: { version } }) => version)
      expect(versions).to.deep.equal(versions.map((_, n) => (versions[0] ?? 0) + n))
    }
  })

  it('all workers at once: the server is there again at the same address', async () => {
    for (const pid of many.pids()) process.kill(pid, 'SIGKILL')
    const [connection] = many.connect(1) as [Connection]
    await until(() => connection.ask(ADD, addition('again')).then(({ errors }) => errors === undefined, () => false))
    expect((await connection.ask(LEVEL)).data.stockLevel.quantities.onHand).to.equal(1)
  })

  it('the one that writes: its workers end with it, and the store and the address are free', async () => {
    const [connection] = many.connect(1) as [Connection]
    await connection.ask(ADD, addition())
    const pids = many.pids()
    await many.server.kill('SIGKILL')
    await until(() => !pids.some(isAlive))
    const next = await startServerProcess(many.directory, Number(new URL(many.server.url).port))
    expect(await next.query('{ stockLevel(sku: "MUG", location: "LIS") { version } }')).to.deep.equal({ stockLevel: { version: 1 } })
    await next.kill('SIGTERM')
  })
})
