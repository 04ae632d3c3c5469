import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { type Attack, ATTACKS, query } from '../e2e/attacks.ts'

const ADDRESS = '127.0.0.2'
export const CONNECTIONS = 32
const FRAGMENTS = 16_000
const UNFINISHED_MS = 20

/** One abuse of the server at this address, to its end: the status or close code that it was answered with, 0 where there was no answer. */
export type Flood = (url: string) => Promise<number>

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, localAddress: ADDRESS })

async function send(url: string, { method = 'POST', search = '', headers = {}, body }: Attack): Promise<number> {
  const sent = request(`${url}${search}`, { method, headers, agent })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
  return response.statusCode ?? 0
}

async function sendFragments(url: string): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { localAddress: ADDRESS })
  socket.on('error', () => undefined)
  const closed = once(socket, 'close') as Promise<[number]>
  await once(socket, 'open')
  for (let sent = 0; sent < FRAGMENTS && socket.readyState === socket.OPEN; sent++) socket.send('x', { fin: false })
  return (await closed)[0]
}

/** Headers that never end, on a connection that is cut and made again. */
async function sendSlowly(url: string): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), localAddress: ADDRESS })
  await once(socket, 'connect')
  socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nX-A: ')
  await new Promise((resolve) => { setTimeout(resolve, UNFINISHED_MS) })
  socket.destroy()
  return 0
}

export const FLOODS: Readonly<Record<string, Flood>> = {
  ...Object.fromEntries(ATTACKS.map(([what, attack]) => [what, (url: string) => send(url, attack)])),
  'a good query, without a pause': (url) => send(url, query('{ location(code: "LIS") { name } }')),
  'a new document each time': (url) => send(url, query(`{ location(code: "LIS") { name a${Math.random().toString(36).slice(2)}: code } }`)),
  'messages in 16,000 fragments': sendFragments,
  'connections that are made and cut': sendSlowly,
}
