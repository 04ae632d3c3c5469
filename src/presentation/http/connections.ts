import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { callerId, type Callers } from '../callers.ts'
import type { HttpLimits } from '../limits.ts'
import { withError } from './send.ts'

/** How often connections that are too slow are looked for. */
const CHECKED_EVERY_MS = 1_000

interface Refusal { readonly status: string; readonly message: string; readonly code: string }

const MALFORMED: Refusal = { status: '400 Bad Request', message: 'This is no HTTP request.', code: 'BAD_USER_INPUT' }
const TOO_SLOW: Refusal = { status: '408 Request Timeout', message: 'The request took too long to come.', code: 'BAD_USER_INPUT' }
const LARGE_HEADERS: Refusal = { status: '431 Request Header Fields Too Large', message: 'The headers are too large.', code: 'BAD_USER_INPUT' }
const TOO_MANY: Refusal = { status: '429 Too Many Requests', message: 'You have as many connections open as a caller may: close one first.', code: 'RATE_LIMITED' }

const REFUSALS: Readonly<Record<string, Refusal>> = { ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW, HPE_HEADER_OVERFLOW: LARGE_HEADERS, HPE_CHUNK_EXTENSIONS_OVERFLOW: LARGE_HEADERS }

/** A server that lets nobody keep it waiting: for headers, for a body, for a next request, or for room of others. */
export function createHttpServer({ headersMsMax, requestMsMax, idleMsMax }: HttpLimits, callers: Callers, listener: RequestListener): Server {
  const server = createServer({
    headersTimeout: headersMsMax, requestTimeout: requestMsMax, keepAliveTimeout: idleMsMax, connectionsCheckingInterval: CHECKED_EVERY_MS,
  }, listener)
  server.timeout = requestMsMax + idleMsMax
  server.on('connection', (socket) => {
    const release = callers.connect(callerId(undefined, socket.remoteAddress))
    if (release) socket.once('close', release)
    else refuse(socket, TOO_MANY)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else refuse(socket, REFUSALS[error.code ?? ''] ?? MALFORMED)
  })
  return server
}

/** When thousands connect at once, as after a restart: who finds no room would try again after seconds. */
const UNACCEPTED_MAX = 4_096

export const listen = (server: NetServer, { port, host }: { readonly port: number; readonly host: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: UNACCEPTED_MAX }, resolve)
  })

/** Empty of a server that does not listen. */
export function urlOf(address: ReturnType<NetServer['address']>): string {
  if (address === null || typeof address === 'string') return ''
  const { family, port, address: host } = address satisfies AddressInfo
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
}

/** A server looks for connections that are too slow from when it listens on: this one never does, and has connections all the same. */
export function watchConnections(server: Server): void { server.emit('listening') }

/** Tells one whose caller has as many connections as it may. */
export function refuseConnection(connection: Socket): void {
  // What it has sent is read: the answer would be lost with it otherwise.
  connection.resume()
  refuse(connection, TOO_MANY)
}

/** Says why on a connection that no request was taken from, and ends it whatever the other end does. */
function refuse(socket: Duplex, { status, message, code }: Refusal): void {
  const body = JSON.stringify(withError(message, code))
  socket.on('error', () => { socket.destroy() })
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => {
    socket.destroy()
  })
}
