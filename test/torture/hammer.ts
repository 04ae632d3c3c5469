import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What clients over plain sockets asked and heard, so that what they cost takes little of the machine. */
export interface Hammered {
  accepted: number
  refused: number
  /** Answers that are neither, and connections that were lost. */
  readonly wrong: string[]
  /** Of each command that was accepted, from its sending to its answer, in milliseconds. */
  readonly latencies: number[]
}

export interface HammerOptions {
  readonly url: string
  readonly clients: number
  readonly seconds: number
  /** Between an answer and the next command, in milliseconds. */
  readonly pauseMs?: number
  /** Makes the idempotency keys of one round different from another's. */
  readonly name: string
}

const CONNECTING_AT_ONCE = 100
const SEPARATOR = Buffer.from('\r\n\r\n')
const QUERY = 'mutation($input: AddStockInput!) { addStock(input: $input) { userErrors { code } } }'
const ACCEPTED = '{"data":{"addStock":{"userErrors":[]}}}'

/**
 * Clients that each add a mug, and another one, until the time is over. What is refused is sent again when the answer says
 * so. All are connected before the first begins: a server that is busy is slow to take new connections.
 */
export async function hammer(options: HammerOptions): Promise<Hammered> {
  const result: Hammered = { accepted: 0, refused: 0, wrong: [], latencies: [] }
  const connections: Connection[] = []
  while (connections.length < options.clients) {
    const more = Math.min(CONNECTING_AT_ONCE, options.clients - connections.length)
    connections.push(...await Promise.all(Array.from({ length: more }, () => connected(options.url))))
  }
  const until = performance.now() + options.seconds * 1_000
  await Promise.all(connections.map((connection, name) => client(options, connection, name, until, result)))
  return result
}

/** One that the server has taken, too. */
async function connected(url: string): Promise<Connection> {
  for (;;) {
    const connection = await Connection.open(url)
    if (await connection.ask('{"query":"{ __typename }"}') !== undefined) return connection
  }
}

/** The command that was sent last is insisted on, so that it is known of each whether it was done. */
async function client({ url, name: round, pauseMs = 0 }: HammerOptions, first: Connection, name: number, until: number, result: Hammered): Promise<void> {
  let connection: Connection | undefined = first
  try {
    for (let n = 0; performance.now() < until; n++) {
      const body = JSON.stringify({ query: QUERY, variables: { input: { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: `${round}-${name}-${n}` } } })
      for (let isDone = false; !isDone; ) {
        connection ??= await connected(url)
        const from = performance.now()
        const answer = await connection.ask(body)
        isDone = answer?.startsWith(ACCEPTED) === true
        if (isDone) result.latencies.push(performance.now() - from)
        else if (answer === undefined) connection = undefined
        else await refusal(answer, result)
      }
      result.accepted += 1
      if (pauseMs > 0) await wait(pauseMs)
    }
  } finally {
    connection?.close()
  }
}

async function refusal(answer: string, result: Hammered): Promise<void> {
  const retryAfterMs = /"code":"UNAVAILABLE","retryAfterMs":(\d+)/.exec(answer)?.[1]
  if (retryAfterMs === undefined) result.wrong.push(answer.slice(0, 300))
  else result.refused += 1
  await wait(Number(retryAfterMs ?? 100))
}

/** One that is kept, with one request at a time. */
class Connection {
  private rest: Buffer = Buffer.alloc(0)
  private resolve: (answer: string | undefined) => void = () => undefined

  private constructor(private readonly socket: Socket, private readonly head: string) {
    socket.on('data', (chunk) => { this.take(chunk) })
    socket.on('error', () => undefined)
    socket.on('close', () => { this.resolve(undefined) })
  }

  /** Again until somebody takes it. */
  static async open(url: string): Promise<Connection> {
    const { hostname, port, pathname, host } = new URL(url)
    for (;;) {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      const isOpen = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => { resolve(true) })
        socket.once('error', () => { resolve(false) })
      })
      if (isOpen) return new Connection(socket, `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: `)
      await wait(100)
    }
  }

  /** The body of the answer; undefined where the connection was lost. */
  ask(body: string): Promise<string | undefined> {
    if (this.socket.destroyed) return Promise.resolve(undefined)
    this.socket.write(`${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
    return new Promise((resolve) => { this.resolve = resolve })
  }

  close(): void { this.socket.destroy() }

  private take(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const separator = this.rest.indexOf(SEPARATOR)
    if (separator < 0) return
    const length = Number(/content-length: (\d+)/i.exec(this.rest.toString('latin1', 0, separator))?.[1] ?? NaN)
    const end = separator + SEPARATOR.length + length
    if (!(this.rest.length >= end)) return
    const answer = this.rest.toString('utf8', separator + SEPARATOR.length, end)
    this.rest = this.rest.subarray(end)
    this.resolve(answer)
  }
}
