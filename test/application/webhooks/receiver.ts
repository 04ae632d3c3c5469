import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'

export interface Received {
  readonly id: string
  readonly type: string
  readonly sequence: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What it does with the delivery that came as the so-manieth: an answer, or none where it answers itself. */
export type Behaviour = (response: ServerResponse, count: number, event: Received) => number | undefined | Promise<number | undefined>

/** What it shows of itself where it speaks TLS: PEM. */
export interface Certificate { readonly key: string; readonly cert: string }

/** An endpoint on the loopback that verifies by the library what it is sent, and answers as it is told to. */
export class Receiver {
  /** All that came with a good signature, whatever was answered. */
  readonly received: Received[] = []
  /** The events that it took, in the order in which it did. */
  readonly taken: Received[] = []
  unverified = 0
  /** How many requests were on at once, at the most. */
  concurrentMax = 0
  behaviour: Behaviour = () => 204
  secret = ''
  #concurrent = 0
  #server: Server | undefined
  #port = 0

  constructor(private readonly certificate?: Certificate) {}

  get url(): string { return `${this.certificate ? 'https' : 'http'}://127.0.0.1:${this.#port}/hooks` }

  /** On the port that it had before, where it had one. */
  async open(): Promise<this> {
    const answer = (request: IncomingMessage, response: ServerResponse): void => { void this.#answer(request, response) }
    const server = this.#server = this.certificate ? createTlsServer(this.certificate, answer) : createServer(answer)
    await new Promise<void>((resolve) => { server.listen(this.#port, '127.0.0.1', resolve) })
    this.#port = (server.address() as AddressInfo).port
    return this
  }

  /** To connections that are made from here on. */
  show(certificate: Certificate): void {
    (this.#server as TlsServer).setSecureContext(certificate)
  }

  /** Ends the connections that there are. */
  cut(): void { this.#server?.closeAllConnections() }

  /** At once: what is on its way gets no answer. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    this.#server?.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#concurrent += 1
    response.once('close', () => { this.#concurrent -= 1 })
    this.concurrentMax = Math.max(this.concurrentMax, this.#concurrent)
    const event = this.#verified((await buffer(request)).toString(), request)
    if (!event) {
      response.writeHead(401).end()
      return
    }
    this.received.push(event)
    const status = await this.behaviour(response, this.received.length, event)
    if (status === undefined) return
    if (status < 300) this.taken.push(event)
    response.writeHead(status).end()
  }

  #verified(body: string, { headers }: IncomingMessage): Received | undefined {
    try {
      const { id, type, sequence } = new Webhook(this.secret).verify(body, headers as Record<string, string>) as Record<string, string>
      return { id: id!, type: type!, sequence: Number(sequence), headers, body }
    } catch {
      this.unverified += 1
      return undefined
    }
  }
}

const PATIENCE_MS = 90_000

/** Waits for what will be so in a moment; fails where it never is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!await isSo()) {
    if (Date.now() > end) throw new Error(`It never was so: ${String(isSo)}`)
    await new Promise((resolve) => { setTimeout(resolve, 2) })
  }
}
