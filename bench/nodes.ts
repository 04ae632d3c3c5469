/** How soon a change on one node reaches a subscriber of another, and how many commands three nodes take on one MariaDB: `npm run bench:nodes -- [polling | Kafka]`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServerProcess, startServerProcess } from '../test/e2e/server-process.ts'
import { Subscriber } from '../test/faults/subscriber.ts'
import { startBrokers } from '../test/services/kafka.ts'
import { startMariaDb } from '../test/services/mariadb.ts'

const CHANGES = 500
const WARM_UP = 100
const REST_MS_MAX = 40
const CLIENTS = 48
const SKUS = 200
const LOAD_MS = 10_000

const quantile = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
const add = (node: ServerProcess, sku: string) => node.mutate('addStock', { sku, location: 'LIS', quantity: 1 }, 'cursor')

interface Times { readonly answered: readonly number[]; readonly told: readonly number[] }

/** Milliseconds from when a command is sent to one node to when it is answered, and to when a subscriber of another one hears of it. */
async function reaching(writer: ServerProcess, reader: ServerProcess): Promise<Times> {
  const { cursor } = await add(writer, 'S-0')
  const subscriber = new Subscriber(() => reader.url, cursor as string)
  const [answered, told]: [number[], number[]] = [[], []]
  for (let n = 0; n < WARM_UP + CHANGES; n += 1) {
    const hears = new Promise<void>((resolve) => { subscriber.onChange = resolve })
    const startedAt = performance.now()
    const since = (): number => performance.now() - startedAt
    const [answer, heard] = await Promise.all([add(writer, 'S-0').then(since), hears.then(since)])
    if (n >= WARM_UP) {
      answered.push(answer)
      told.push(heard)
    }
    // Not in step with anybody's clock.
    await wait(Math.random() * REST_MS_MAX)
  }
  subscriber.end()
  return { answered, told }
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

const [, , only = ''] = process.argv
const directory = await mkdtemp(join(tmpdir(), 'bench-nodes-'))
const [database, brokers] = await Promise.all([startMariaDb(), startBrokers()])
try {
  process.stdout.write('| | told elsewhere: p50 ms | p99 ms | at the most | answered: p50 ms | p99 ms | commands/s through three nodes |\n|---|--:|--:|--:|--:|--:|--:|\n')
  const ways = [['polling alone', 'memory:'], ['hints over Kafka', `kafka://${brokers.brokers.join()}/bench`]] as const
  for (const [name, bus] of ways.filter(([name]) => name.includes(only))) {
    const environment = { EVENT_STORE_URL: await database.database(), EVENT_BUS_URL: bus, WEBHOOKS: 'off' }
    const start = (n: number) => startServerProcess(join(directory, `${name}-${n}`), 0, environment)
    const nodes = await Promise.all([start(0), start(1), start(2)])
    const [writer, , reader] = nodes
    for (let n = 0; n < SKUS; n += 1) await writer.mutate('registerProduct', { sku: `S-${n}`, name: 'Thing' }, 'cursor')
    await writer.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    const { answered, told } = await reaching(writer, reader)
    const rate = await load(nodes)
    const cells = [name, ...[quantile(told, 0.5), quantile(told, 0.99), Math.max(...told), quantile(answered, 0.5), quantile(answered, 0.99)].map((ms) => ms.toFixed(1)), rate.toFixed(0)]
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')))
  }
} finally {
  await Promise.all([database.stop(), brokers.close()])
  await rm(directory, { recursive: true })
}
