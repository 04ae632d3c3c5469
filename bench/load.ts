import { connect, type Socket } from 'node:net'
import { quantile } from './stats.ts'

/** The body of the next request, and a look at each answer. */
export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** It goes on past its time until so many requests are sent. */
  readonly requestsMin: number
  body(n: number): string
  check(answer: string): void
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Of the latencies, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** One request at a time on each of so many connections, for so many seconds. The first answer of each is checked. */
export async function run(load: Load): Promise<LoadResult> {
  const { hostname, port, pathname, host } = new URL(load.url)
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: `
  const latencies: number[] = []
  let sent = 0
  const start = performance.now()
  const end = start + load.seconds * 1_000

  async function client(): Promise<void> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const answers = answersOf(socket)
    try {
      for (let first = true; performance.now() < end || sent < load.requestsMin; first = false) {
        const body = load.body(sent++)
        const from = performance.now()
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
        const answer = await answers()
        latencies.push(performance.now() - from)
        if (first) load.check(answer())
      }
    } finally {
      socket.destroy()
    }
  }

  await Promise.all(Array.from({ length: load.connections }, client))
  return { requests: latencies.length, seconds: (performance.now() - start) / 1_000, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

const SEPARATOR = Buffer.from('\r\n\r\n')

/** Resolves with each next answer of a keep-alive connection: a function that gives its body. */
function answersOf(socket: Socket): () => Promise<() => string> {
  let rest: Buffer = Buffer.alloc(0)
  let resolve: ((answer: () => string) => void) | undefined
  let reject: ((error: Error) => void) | undefined
  const take = (): void => {
    const separator = rest.indexOf(SEPARATOR)
    if (separator < 0) return
    const head = rest.toString('latin1', 0, separator)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? NaN)
    const to = separator + SEPARATOR.length + length
    if (Number.isNaN(length)) reject?.(new Error(`The answer has no content-length: ${head}`))
    if (rest.length < to) return
    const body = rest.subarray(separator + SEPARATOR.length, to)
    rest = rest.subarray(to)
    if (head.startsWith('HTTP/1.1 200')) resolve?.(() => body.toString())
    else reject?.(new Error(`${head}\n${body.toString()}`))
  }
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    take()
  })
  socket.on('error', (error) => { reject?.(error) })
  socket.on('close', () => { reject?.(new Error('The server closed the connection.')) })
  return () => new Promise((onAnswer, onError) => { [resolve, reject] = [onAnswer, onError] })
}
