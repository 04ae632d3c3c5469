/** How soon a change on one node reaches a subscriber of another, and how many commands three nodes take on one MariaDB: `npm run bench:nodes`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from '../test/e2e/server-process.ts'
import { Subscriber } from '../test/faults/subscriber.ts'
import { startBrokers } from '../test/services/kafka.ts'
import { startMariaDb } from '../test/services/mariadb.ts'

const CHANGES = 300
const CLIENTS = 48
const SKUS = 200
const LOAD_MS = 10_000

const quantile = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
const add = (node: ServerProcess, sku: string) => node.mutate('addStock', { sku, location: 'LIS', quantity: 1 }, 'cursor')
const turn = () => new Promise((resolve) => { setImmediate(resolve) })

/** Milliseconds from when a command is sent to one node to when a subscriber of another one hears of it. */
async function reaching(writer: ServerProcess, reader: ServerProcess): Promise<readonly number[]> {
  const { cursor } = await add(writer, 'S-0')
  const subscriber = new Subscriber(() => reader.url, cursor as string)
  const times: number[] = []
  for (let n = 0; n < CHANGES; n += 1) {
    const [heard, startedAt] = [subscriber.changes.length, performance.now()]
    const sent = add(writer, 'S-0')
    while (subscriber.changes.length === heard) await turn()
    times.push(performance.now() - startedAt)
    await sent
  }
  subscriber.end()
  // The first ones pay for the connection.
  return times.slice(20)
}

async function load(nodes: readonly ServerProcess[]): Promise<number> {
  let done = 0
  const until = performance.now() + LOAD_MS
  await Promise.all(Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = client; performance.now() < until; n += CLIENTS) {
      const node = nodes[client % nodes.length]
      if (node) await add(node, `S-${n % SKUS}`)
      done += 1
    }
  }))
  return done * 1_000 / LOAD_MS
}

const directory = await mkdtemp(join(tmpdir(), 'bench-nodes-'))
const [database, brokers] = await Promise.all([startMariaDb(), startBrokers()])
try {
  for (const [name, bus] of [['polling alone', 'memory:'], ['hints over Kafka', `kafka://${brokers.brokers.join()}/bench`]] as const) {
    const environment = { EVENT_STORE_URL: await database.database(), EVENT_BUS_URL: bus, WEBHOOKS: 'off' }
    const start = (n: number) => startServerProcess(join(directory, `${name}-${n}`), 0, environment)
    const nodes = await Promise.all([start(0), start(1), start(2)])
    const [writer, , reader] = nodes
    for (let n = 0; n < SKUS; n += 1) await writer.mutate('registerProduct', { sku: `S-${n}`, name: 'Thing' }, 'cursor')
    await writer.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    const times = await reaching(writer, reader)
    const rate = await load(nodes)
    process.stdout.write(`${name}: p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, at the most ${Math.max(...times).toFixed(1)} ms; ${rate.toFixed(0)} commands/s through three nodes\n`)
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')))
  }
} finally {
  await Promise.all([database.stop(), brokers.close()])
  await rm(directory, { recursive: true })
}
