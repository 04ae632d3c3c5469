import { WebSocket } from 'ws'

export interface Change { readonly cursor: string; readonly event: { readonly stream: string; readonly version: number } }

interface Message { readonly type: string; readonly payload?: { readonly data?: { readonly stockChanged: Change } } }

/** Follows all changes of stock levels from a cursor on, and connects again, from its last one, whenever it is cut off. */
export class Subscriber {
  readonly changes: Change[] = []
  connections = 0
  /** Called with each change. */
  onChange: () => void = () => undefined
  private socket: WebSocket | undefined
  private isOver = false

  /** `url` of the GraphQL endpoint: asked with every connection. */
  constructor(private readonly url: () => string, private readonly start: string) { this.connect() }

  get cursor(): string { return this.changes.at(-1)?.cursor ?? this.start }

  cutOff(): void { this.socket?.terminate() }

  end(): void {
    this.isOver = true
    this.cutOff()
  }

  private connect(): void {
    this.connections += 1
    const socket = this.socket = new WebSocket(this.url().replace('http', 'ws'), 'graphql-transport-ws')
    const send = (message: object): void => { socket.send(JSON.stringify(message)) }
    socket.on('open', () => { send({ type: 'connection_init' }) })
    socket.on('error', () => undefined)
    socket.on('close', () => { if (!this.isOver) setTimeout(() => { this.connect() }, 50) })
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as Message
      if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: `subscription { stockChanged(after: "${this.cursor}") { cursor event { stream version } } }` } })
      // The server can't tell for now, or could not begin (that is an answer with errors, and the end): ask again, perhaps another one.
      else if (type === 'error' || type === 'complete') socket.terminate()
      // What still arrives of a connection that was cut off counts for nobody.
      else if (type === 'next' && payload?.data && socket === this.socket && socket.readyState === socket.OPEN) {
        this.changes.push(payload.data.stockChanged)
        this.onChange()
      }
    })
  }
}
