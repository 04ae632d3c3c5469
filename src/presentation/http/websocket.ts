import { handleProtocols } from 'graphql-ws'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { callerId } from '../callers.ts'
import type { Origins } from './origins.ts'
import { isNestedTooDeep, NESTING_MAX } from '../nesting.ts'
import type { Peer } from '../graphql/peer.ts'
import { createProtocol, type ProtocolOptions } from '../graphql/subscription-protocol.ts'
import type { SocketLimits } from '../limits.ts'

export interface WebSocketOptions extends Omit<ProtocolOptions, 'operationsMax'> {
  readonly origins: Pick<Origins, 'letsIn'>
  readonly limits: SocketLimits
  /** A peer that is silent for longer than this and does not answer a ping in as long again is gone. */
  readonly keepAliveMs?: number
}

export interface WebSocketEdge {
  /**
   * Answers the queries and commands that were taken, for `graceMs` at the most, then closes the sockets with 1001 and with
   * the cursor that their subscriptions go on after.
   */
  close(graceMs: number): Promise<void>
}

const PATH = '/graphql'
const UNSENT_BYTES_MAX = 16_777_216
const KEEP_ALIVE_MS = 15_000
const CLOSE_MS_MAX = 1_000

const BAD_REQUEST = 4400
const FORBIDDEN = 4403
const TOO_SLOW = 4429
const TOO_OFTEN = 4429
const GOING_AWAY = 1001
const INTERNAL_ERROR = 1011
const TRY_AGAIN_LATER = 1013

/** GraphQL over WebSocket (graphql-transport-ws), on the server that has the rest. */
export function serveWebSocket(server: Server, options: WebSocketOptions): WebSocketEdge {
  const { logger, limits, keepAliveMs = KEEP_ALIVE_MS } = options
  const peers = new Map<WebSocket, Peer>()
  const protocol = createProtocol({ ...options, operationsMax: limits.operationsMax })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytesMax, maxFragments: limits.messageFragmentsMax, handleProtocols })

  server.on('upgrade', (request, connection, head) => {
    if (request.url?.split('?')[0] !== PATH) refuse(connection, '404 Not Found')
    else if (!options.origins.letsIn(request)) refuse(connection, '403 Forbidden')
    else sockets.handleUpgrade(request, connection, head, (socket) => { serve(socket, connection, request) })
  })

  function serve(socket: WebSocket, connection: Duplex, request: IncomingMessage): void {
    const ended = new AbortController()
    const stopPings = keepAlive(socket, keepAliveMs)
    const correlationId = options.correlationId(request.headers['x-correlation-id'])
    const peer: Peer = {
      callerId: callerId(undefined, request.socket.remoteAddress),
      correlationId,
      authorization: request.headers.authorization,
      following: new Map(),
      closed: ended.signal,
      write: (frames) => write(socket, connection, frames),
      closeForbidden: (reason) => { socket.close(FORBIDDEN, reason) },
      closeLimited: (reason) => { socket.close(TOO_OFTEN, reason) },
      closeUnavailable: (reason) => { socket.close(TRY_AGAIN_LATER, reason) },
      closeSlow: (cursor) => { socket.close(TOO_SLOW, `Too slow: go on after ${cursor}`) },
    }
    peers.set(socket, peer)
    const closed = protocol.server.opened({
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code, reason) => { socket.close(code, reason) },
      onMessage: (handle) => { socket.on('message', (data: Buffer) => { take(socket, handle, data) }) },
    }, peer)
    // The socket closes itself: it tells the client what was wrong with what it sent.
    socket.on('error', (error) => { logger.warn({ err: error, correlationId }, 'A socket failed.') })
    socket.on('ping', () => { closeWhereFull(socket) })
    socket.once('close', (code, reason) => {
      stopPings()
      ended.abort()
      peers.delete(socket)
      void closed(code, reason.toString())
    })
  }

  function take(socket: WebSocket, handle: (text: string) => Promise<void>, message: Buffer): void {
    if (socket.readyState !== socket.OPEN) return
    if (isNestedTooDeep(message)) {
      socket.close(BAD_REQUEST, `A message must have ${NESTING_MAX} brackets in brackets at the most.`)
      return
    }
    handle(message.toString()).catch((error: unknown) => {
      logger.error({ err: error }, 'A message on a socket could not be handled.')
      socket.close(INTERNAL_ERROR, 'Something went wrong here.')
    })
  }

  return {
    async close(graceMs) {
      await Promise.race([protocol.settle(), wait(graceMs, undefined, { ref: false })])
      const closed = once(sockets, 'close')
      sockets.close()
      for (const [socket, peer] of peers) socket.close(GOING_AWAY, farewell(protocol.goOnAfter(peer)))
      const timer = setTimeout(() => { for (const socket of sockets.clients) socket.terminate() }, CLOSE_MS_MAX)
      await closed
      clearTimeout(timer)
    },
  }
}

const farewell = (cursor: string | undefined): string =>
  (cursor === undefined ? 'The server is going away.' : `Going away: go on after ${cursor}`)

/** Resolves when the system has taken it: so the next change is asked for only once this one has left. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) {
      resolve()
      return
    }
    socket.send(text, () => { resolve() })
    closeWhereFull(socket)
  })
}

/**
 * What is framed once for many peers goes past the socket, which would frame it for each anew: it writes its own frames
 * whole and never compresses, so that these stand between them.
 */
function write(socket: WebSocket, connection: Duplex, frames: Buffer): Promise<void> | undefined {
  if (socket.readyState !== socket.OPEN) return undefined
  let onTaken: (() => void) | undefined
  connection.write(frames, () => onTaken?.())
  if (connection.writableLength === 0) return undefined
  closeWhereFull(socket)
  return new Promise((resolve) => { onTaken = resolve })
}

/** However many operations a client has, what it leaves unread is bounded. */
function closeWhereFull(socket: WebSocket): void {
  if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.close(TOO_SLOW, 'Too slow: answers wait to be read.')
}

/** Finds peers that are gone without a word. Returns the way to stop. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let isHeard = true
  const heard = (): void => { isHeard = true }
  socket.on('pong', heard)
  socket.on('message', heard)
  const timer = setInterval(() => {
    if (!isHeard) {
      socket.terminate()
      return
    }
    isHeard = false
    socket.ping()
  }, everyMs)
  return () => { clearInterval(timer) }
}

function refuse(connection: Duplex, status: string): void {
  connection.on('error', () => { connection.destroy() })
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
