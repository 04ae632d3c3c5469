import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { ServerProcess } from '../e2e/server-process.ts'
import { NOTHING, type Tally } from '../faults/tally.ts'
import { heldMegabytes, median, quantile, subscribersOf, withServer } from './served.ts'

/** They follow mugs, and read. */
const READERS = 20
/** They follow all there is, and read nothing. */
const STALLED = 10
const MUGS = 300
const MUG_EVERY_MS = 10
/** Of tea, in each command, which those who read mugs are not told of. */
const ROWS = 100
const TEA_EVERY_MS = 200
/** More than the system's own buffers hold for one who does not read. */
const POURED_BEFORE = 10_000
const HEAP_MEGABYTES_MAX = 20
const P99_TIMES_MAX = 2
const CLOSED_MS_MAX = 60_000
const TOO_SLOW = 4429

/**
 * Clients that subscribe and never read, beside others that do: the first are closed once their queue is full, and cost
 * the server little memory and the others little time. Rounds with and without them take turns.
 */
export const slowSubscribers = (rounds: number): Promise<Tally> => withServer(async (server) => {
  const readers = await Readers.connect(server)
  await readers.round()
  const memory = await heapOfStalled(server, readers)
  const [alone, beside]: [number[], number[]] = [[], []]
  for (let n = 0; n < rounds; n++) {
    await pour(server, POURED_BEFORE)
    alone.push(await readers.round())
    const stalled = await stalledOnes(server)
    await pour(server, POURED_BEFORE)
    beside.push(await readers.round())
    for (const socket of stalled) socket.terminate()
    await settled(server, READERS)
  }
  readers.end()
  const [before, after] = [median(alone), median(beside)]
  return {
    ...NOTHING, cycles: rounds, acknowledged: readers.told, refused: memory.closed, lost: readers.lost,
    violations: [
      ...(readers.lost === 0 ? [] : [`${readers.lost} changes were not told to those who read`]),
      ...(memory.closed === STALLED ? [] : [`${memory.closed} of ${STALLED} who did not read were closed with ${TOO_SLOW}`]),
      ...(memory.growth < HEAP_MEGABYTES_MAX ? [] : [`the heap grew by ${memory.growth.toFixed(1)} MB`]),
      ...(after < P99_TIMES_MAX * before ? [] : [`p99 of those who read went from ${before.toFixed(1)} to ${after.toFixed(1)} ms`]),
    ],
    figures: [
      `${STALLED} who did not read were closed after ${memory.changes} changes at the most; the heap grew by ${memory.growth.toFixed(1)} MB at the most`,
      `p99 of a change to ${READERS} who read: ${before.toFixed(1)} ms without them, ${after.toFixed(1)} ms with them (medians of ${rounds} rounds)`,
    ],
  }
})

/** Those who read, and when they were told of each change. */
class Readers {
  told = 0
  lost = 0
  private readonly sockets: WebSocket[] = []
  private readonly sentAt = new Map<number, number>()
  private latencies: number[] = []
  private mugs = 0

  private constructor(private readonly server: ServerProcess) {}

  static async connect(server: ServerProcess): Promise<Readers> {
    const readers = new Readers(server)
    for (let n = 0; n < READERS; n++) {
      const socket = await subscribed(server, 'stockChanged(skus: ["MUG"]) { event { version } }')
      socket.on('message', (data: Buffer) => { readers.take(data.toString()) })
      readers.sockets.push(socket)
    }
    await settled(server, READERS)
    return readers
  }

  end(): void { for (const socket of this.sockets) socket.terminate() }

  /** Mugs at an even pace, and much tea. Returns the p99 from a command's sending to its change's arrival, in milliseconds. */
  async round(): Promise<number> {
    this.latencies = []
    const enough = new AbortController()
    const pouring = pour(this.server, Infinity, enough.signal, TEA_EVERY_MS)
    const answers: Promise<unknown>[] = []
    for (let n = 0; n < MUGS; n++) {
      this.sentAt.set(++this.mugs, performance.now())
      answers.push(this.server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 }, 'cursor'))
      await wait(MUG_EVERY_MS)
    }
    await Promise.all(answers)
    for (const deadline = Date.now() + 10_000; this.latencies.length < READERS * MUGS && Date.now() < deadline; ) await wait(5)
    enough.abort()
    await pouring
    this.told += this.latencies.length
    this.lost += READERS * MUGS - this.latencies.length
    return quantile(this.latencies, 0.99)
  }

  private take(text: string): void {
    const version = Number(/"version":(\d+)/.exec(text)?.[1] ?? NaN)
    const from = this.sentAt.get(version)
    if (from !== undefined) this.latencies.push(performance.now() - from)
  }
}

/** Commands of many events each, one after the other and at most one in so long, until it is enough. Returns how many events. */
async function pour(server: ServerProcess, max: number, enough?: AbortSignal, everyMs = 0): Promise<number> {
  const movements = Array.from({ length: ROWS }, () => ({ sku: 'TEA', location: 'LIS', delta: 1 }))
  let events = 0
  while (events < max && enough?.aborted !== true) {
    const [{ userErrors }] = await Promise.all([server.mutate('applyMovements', { movements }, 'cursor'), wait(everyMs)])
    if ((userErrors as unknown[]).length > 0) throw new Error(JSON.stringify(userErrors))
    events += ROWS
  }
  return events
}

interface Stalled { readonly closed: number; readonly growth: number; readonly changes: number }

/** How many are closed while more and more happens, and how much the heap grows meanwhile. */
async function heapOfStalled(server: ServerProcess, readers: Readers): Promise<Stalled> {
  const before = await heldMegabytes(server)
  const stalled = await stalledOnes(server)
  const codes = stalled.map((socket) => once(socket, 'close').then(([code]: unknown[]) => code))
  const enough = new AbortController()
  const pouring = pour(server, Infinity, enough.signal)
  let growth = 0
  for (const deadline = Date.now() + CLOSED_MS_MAX; await subscribersOf(server) > READERS && Date.now() < deadline; ) {
    growth = Math.max(growth, await heldMegabytes(server) - before)
    await wait(200)
  }
  enough.abort()
  const changes = await pouring
  // They look at last, and see what was sent to them and that they were closed.
  for (const socket of stalled) socket.resume()
  const closed = (await Promise.all(codes)).filter((code) => code === TOO_SLOW).length
  await readers.round()
  return { closed, growth, changes }
}

async function stalledOnes(server: ServerProcess): Promise<WebSocket[]> {
  const fields = 'cursor id type stream version occurredAt recordedAt sku location data correlationId'
  const stalled = await Promise.all(Array.from({ length: STALLED }, () => subscribed(server, `events { ${fields} }`)))
  await settled(server, READERS + STALLED)
  for (const socket of stalled) socket.pause()
  return stalled
}

async function subscribed(server: ServerProcess, field: string): Promise<WebSocket> {
  const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
  socket.on('error', () => undefined)
  await once(socket, 'open')
  const acknowledged = once(socket, 'message')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await acknowledged
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: `subscription { ${field} }` } }))
  return socket
}

async function settled(server: ServerProcess, subscribers: number): Promise<void> {
  while (await subscribersOf(server) !== subscribers) await wait(20)
}
