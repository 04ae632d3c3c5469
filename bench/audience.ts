import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

/** Subscribers of one subscription, each on a socket of its own and under an id of its own, as clients make them. */
export interface Audience {
  readonly subscribers: number
  /** Resolves when each has been told of so many changes more. */
  told(changes: number): Promise<void>
  close(): void
}

export async function openAudience(url: string, query: string, subscribers: number): Promise<Audience> {
  let awaited = 0
  let received = 0
  let wake: () => void = () => undefined
  const count = (): void => { if (++received >= awaited) wake() }
  const sockets = await Promise.all(Array.from({ length: subscribers }, () => subscribed(url, query, count)))
  return {
    subscribers,
    told(changes) {
      awaited = received + changes * subscribers
      return new Promise((resolve) => { wake = resolve })
    },
    close() { for (const socket of sockets) socket.terminate() },
  }
}

function subscribed(url: string, query: string, onNext: () => void): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
    socket.on('error', reject)
    socket.on('open', () => { socket.send('{"type":"connection_init"}') })
    socket.on('message', (data: Buffer) => {
      if (data.includes('"next"')) onNext()
      else if (data.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }))
        // The server has begun the subscription once it answers what was sent after it.
        socket.send('{"type":"ping"}')
      } else if (data.includes('"pong"')) resolve(socket)
      else reject(new Error(`The server answered ${data.toString().slice(0, 300)}`))
    })
  })
}
