import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { NOTHING, type Tally } from './tally.ts'

const CLIENTS = 16
const ANSWERS_BEFORE_STOP = 200
const STOP_MS_MAX = 10_000

interface Change { readonly cursor: string; readonly id: string }
interface Message { readonly type: string; readonly payload?: { readonly data?: { readonly events: Change } } }

/** A server that is told to go while clients write and one follows: what it took is answered and there, and the one that follows is told where to go on. */
export async function stopUnderLoad(): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'shutdown-'))
  const stopping = new Stopping(directory, await startServerProcess(directory))
  try {
    return await stopping.run()
  } finally {
    stopping.server.signal('SIGKILL')
    await rm(directory, { recursive: true })
  }
}

class Stopping {
  private readonly answered = new Set<string>()

  constructor(private readonly directory: string, public server: ServerProcess) {}

  async run(): Promise<Tally> {
    await this.server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await this.server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    const subscriber = subscribed(this.server.url, (await this.add('first')).cursor as string)
    const [{ code, ms }] = await Promise.all([this.stopped(), subscriber.ready])
    const closed = await subscriber.closed
    const last = subscriber.seen.at(-1)?.cursor ?? ''
    this.server = await startServerProcess(this.directory)
    const lost = await this.lost()
    const rest = subscribed(this.server.url, last)
    await this.add('last')
    await rest.ready
    const next = await this.eventAfter(last)
    rest.end()
    return {
      ...NOTHING, cycles: 1, acknowledged: this.answered.size, lost: lost.length,
      violations: [
        ...(code === 0 ? [] : [`it ended with ${code ?? 'a signal'}`]),
        ...(ms < STOP_MS_MAX ? [] : [`it took ${ms} ms to end`]),
        ...(closed === `1001 Going away: go on after ${last}` ? [] : [`the subscriber was told «${closed}» after ${last}`]),
        ...lost.map((key) => `the answered command ${key} is lost`),
        ...(rest.seen[0]?.id === next ? [] : ['the subscriber did not go on where it was']),
      ],
    }
  }

  /** Clients until there are answers enough, then the signal, and how the server ends. */
  private async stopped(): Promise<{ readonly code: number | null; readonly ms: number }> {
    let exit: Promise<number | null> | undefined
    let startedAt = 0
    const client = async (name: number): Promise<void> => {
      for (let command = 1; ; command++) {
        const key = `${name}-${command}`
        if (!await this.add(key).then(() => true, () => false)) return
        this.answered.add(key)
        if (this.answered.size < ANSWERS_BEFORE_STOP || exit) continue
        startedAt = Date.now()
        exit = this.server.kill('SIGTERM')
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)))
    const code = await exit ?? null
    return { code, ms: Date.now() - startedAt }
  }

  private async lost(): Promise<readonly string[]> {
    const lost: string[] = []
    for (const key of this.answered) if ((await this.add(key)).replayed !== true) lost.push(key)
    return lost
  }

  private add(idempotencyKey: string): Promise<Record<string, unknown>> {
    return this.server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey }, 'cursor')
  }

  private async eventAfter(cursor: string): Promise<string | undefined> {
    const { events } = (await this.server.query(`{ events(first: 1, after: "${cursor}") { nodes { id } } }`)) as { events: { nodes: { id: string }[] } }
    return events.nodes[0]?.id
  }
}

interface Subscribed {
  readonly seen: readonly Change[]
  /** Once it has seen one. */
  readonly ready: Promise<void>
  /** The code and the reason. */
  readonly closed: Promise<string>
  end(): void
}

function subscribed(url: string, after: string): Subscribed {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  const seen: Change[] = []
  const send = (message: object): void => { socket.send(JSON.stringify(message)) }
  const ready = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => { send({ type: 'connection_init' }) })
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as Message
      if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: `subscription { events(after: "${after}") { cursor id } }` } })
      if (payload?.data) seen.push(payload.data.events)
      if (type === 'error') reject(new Error(data.toString()))
      if (seen.length > 0) resolve()
    })
  })
  const closed = once(socket, 'close').then(([code, reason]: unknown[]) => `${String(code)} ${String(reason)}`)
  return { seen, ready, closed, end: () => { socket.terminate() } }
}
