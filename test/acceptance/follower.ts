import { WebSocket } from 'ws'

export interface Seen { readonly stream: string; readonly version: number }
interface Message { readonly type: string; readonly payload?: { readonly data?: { readonly events: Seen & { readonly cursor: string } } } }

const QUIET_MS = 1_000

/** Follows all events from the log's beginning, is cut off at random moments and goes on from its last cursor. */
export class Follower {
  readonly seen: Seen[] = []
  cuts = 0
  private cursor: string | undefined

  /** A connection is cut off after so many events at the most. */
  constructor(private readonly url: string, private readonly cutAfterMax: number) {}

  async follow(isOver: () => Promise<boolean>): Promise<void> {
    while (!await isOver()) {
      await this.connection(1 + Math.floor(Math.random() * this.cutAfterMax))
      this.cuts += 1
    }
  }

  /** Until it is cut off; nothing counts that arrives later. Ends as well where nothing comes for a while. */
  private connection(count: number): Promise<void> {
    const socket = new WebSocket(this.url.replace('http', 'ws'), 'graphql-transport-ws')
    const after = this.cursor === undefined ? '' : `(after: "${this.cursor}")`
    const send = (message: object): void => { socket.send(JSON.stringify(message)) }
    let left = count
    let quiet: NodeJS.Timeout | undefined
    const listenOn = (): void => {
      clearTimeout(quiet)
      quiet = setTimeout(() => { socket.terminate() }, QUIET_MS)
    }
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () => { send({ type: 'connection_init' }) })
      socket.on('close', () => { clearTimeout(quiet); resolve() })
      socket.on('message', (data: Buffer) => {
        const { type, payload } = JSON.parse(data.toString()) as Message
        if (type === 'connection_ack') listenOn()
        if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: `subscription { events${after} { cursor stream version } }` } })
        if (type === 'error' || (type === 'next' && !payload?.data)) reject(new Error(data.toString()))
        if (!payload?.data || left === 0) return
        const { cursor, stream, version } = payload.data.events
        this.seen.push({ stream, version })
        this.cursor = cursor
        left -= 1
        listenOn()
        if (left === 0) socket.terminate()
      })
    })
  }
}
