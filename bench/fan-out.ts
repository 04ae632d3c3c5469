import { WebSocket } from 'ws'
import { answerOf } from './http.ts'
import { type ServerProcess, startProcess } from './process.ts'
import type { Row } from './report.ts'
import { skuOf } from './workloads.ts'

const SUBSCRIBERS = 1_000
const CHANGES = 60
const BURST = 20

const QUERY = `subscription { stockChanged(skus: ["${skuOf(1)}"]) { cursor onHandDelta stockLevel { version product { sku name } location { code } quantities { onHand reserved available } } } }`
const CHANGE = JSON.stringify({
  query: 'mutation ($input: AddStockInput!) { addStock(input: $input) { cursor userErrors { code } } }',
  variables: { input: { sku: skuOf(1), location: 'LIS', quantity: 1 } },
})

interface Told { readonly perCpuSecond: number; readonly perSecond: number; readonly latencies: readonly number[] }

/** One change to a thousand identical subscriptions, one after the other and in bursts, against graphql-ws with type-graphql as they come. */
export async function* measureFanOut(server: ServerProcess): AsyncGenerator<Row, void> {
  const stock = await startProcess(['--import', 'tsx', 'bench/stock-fan-out.ts'], {})
  try {
    const ours = await subscribed(`${server.url}/graphql`)
    const theirs = await subscribed(`${stock.url}/graphql`)
    const change = async (): Promise<void> => { await answerOf(`${server.url}/graphql`, CHANGE) }
    const publish = async (): Promise<void> => { await fetch(`${stock.url}/publish`, { method: 'POST' }) }
    for (const each of [{ audience: ours, target: server, cause: change }, { audience: theirs, target: stock, cause: publish }]) await told(each, 1)
    const baseline = await told({ audience: theirs, target: stock, cause: publish }, 1)
    const single = await told({ audience: ours, target: server, cause: change }, 1)
    const bursts = await told({ audience: ours, target: server, cause: change }, BURST)
    yield row('a change to 1,000 subscribers', single, baseline, 4)
    yield row(`bursts of ${BURST} changes to the same`, bursts, baseline, 12)
    ours.close()
    theirs.close()
    const one = await subscribed(`${server.url}/graphql`, 1)
    const alone = await told({ audience: one, target: server, cause: change }, 1)
    one.close()
    process.stdout.write(`From a change's command to one subscriber: p50 ${quantile(alone, 0.5).toFixed(2)} ms, p99 ${quantile(alone, 0.99).toFixed(2)} ms.\n`)
  } finally {
    await stock.stop()
  }
}

const row = (work: string, told: Told, baseline: Told, atLeast: number): Row => ({
  work, figure: told.perCpuSecond, unit: 'messages', baseline: baseline.perCpuSecond, against: 'of graphql-ws', atLeast,
  wall: told.perSecond, p50: quantile(told, 0.5), p99: quantile(told, 0.99),
})

const quantile = ({ latencies }: Told, q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? NaN

interface Audience {
  /** Resolves when each has been told of so many more. */
  told(changes: number): Promise<void>
  close(): void
}

async function told({ audience, target, cause }: { readonly audience: Audience; readonly target: ServerProcess; cause(): Promise<void> }, burst: number): Promise<Told> {
  const latencies: number[] = []
  let messages = 0
  const [cpu, from] = [target.cpu(), performance.now()]
  for (let change = 0; change < CHANGES; change++) {
    const sent = performance.now()
    const all = audience.told(burst)
    await Promise.all(Array.from({ length: burst }, cause))
    await all
    latencies.push(performance.now() - sent)
    messages += burst * SUBSCRIBERS
  }
  latencies.sort((a, b) => a - b)
  return { perCpuSecond: messages / (target.cpu() - cpu), perSecond: messages / ((performance.now() - from) / 1_000), latencies }
}

async function subscribed(url: string, subscribers = SUBSCRIBERS): Promise<Audience> {
  let awaited = 0
  let received = 0
  let wake: () => void = () => undefined
  const sockets = await Promise.all(Array.from({ length: subscribers }, () => new Promise<WebSocket>((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
    socket.on('error', reject)
    socket.on('open', () => { socket.send('{"type":"connection_init"}') })
    socket.on('message', (data: Buffer) => {
      if (data.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }))
        // The server has begun the subscription once it answers what was sent after it.
        socket.send('{"type":"ping"}')
      } else if (data.includes('"pong"')) resolve(socket)
      else if (!data.includes('"next"')) reject(new Error(`The server answered ${data.toString().slice(0, 300)}`))
      else if (++received >= awaited) wake()
    })
  })))
  return {
    told(changes) {
      awaited = received + changes * subscribers
      return new Promise((resolve) => { wake = resolve })
    },
    close() { for (const socket of sockets) socket.terminate() },
  }
}
