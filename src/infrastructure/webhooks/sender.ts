import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, isIPv6, type LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { DeliveryOutcome, DeliveryRequest, DeliverySender } from '../../application/webhooks/ports.ts'
import { type Addresses, hostOf, NotAllowed } from './addresses.ts'

export interface SenderOptions {
  readonly addresses: Addresses
  readonly userAgent: string
  /** For an attempt, from the lookup of the host to the answer's end. */
  readonly timeoutMs?: number | undefined
}

const TIMEOUT_MS = 15_000
/** To read more of an answer is not worth the connection that is kept by it. */
const ANSWER_BYTES_MAX = 65_536
const IDLE_MS = 30_000

/** Posts signed deliveries. Each connection goes to the very address that was looked at, and redirects are not followed. */
export function createDeliverySender({ addresses, userAgent, timeoutMs = TIMEOUT_MS }: SenderOptions): DeliverySender {
  const options = { keepAlive: true, timeout: IDLE_MS, lookup: guardedLookup(addresses) }
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)]

  async function post(delivery: DeliveryRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(delivery.url)
    // A connection to an address looks nothing up.
    if (isIP(hostOf(url)) !== 0) await addresses.resolve(hostOf(url))
    const headers = { ...headersOf(delivery), 'user-agent': userAgent }
    return new Promise((resolve, reject) => {
      const sent = url.protocol === 'https:'
        ? httpsRequest(url, { method: 'POST', agent: https, signal, headers }, resolve)
        : httpRequest(url, { method: 'POST', agent: http, signal, headers }, resolve)
      sent.once('error', (error: NodeJS.ErrnoException) => {
        // The other end may close a connection that is kept just when it is used again.
        if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(post(delivery, signal))
        else reject(error)
      })
      sent.end(delivery.body)
    })
  }

  return {
    async send(delivery, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        const response = await post(delivery, AbortSignal.any([signal, timeout]))
        await readToEnd(response)
        return outcomeOf(response, delivery.sentAt)
      } catch (error) {
        signal.throwIfAborted()
        return { statusCode: null, error: timeout.aborted ? `No answer came within ${timeoutMs} ms.` : sentence(error) }
      }
    },
    close() { for (const agent of [http, https]) agent.destroy() },
  }
}

const guardedLookup = (addresses: Addresses): LookupFunction => (host, { all }, done) => {
  addresses.resolve(host).then(
    (address) => {
      const family = isIPv6(address) ? 6 : 4
      if (all === true) done(null, [{ address, family }])
      else done(null, address, family)
    },
    (error: unknown) => { done(error as NodeJS.ErrnoException, '') },
  )
}

/** As Standard Webhooks has them; one signature a secret. */
function headersOf({ id, body, contentType, secrets, sentAt, traceparent }: DeliveryRequest): Readonly<Record<string, string | number>> {
  const sent = new Date(sentAt)
  return {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    ...(traceparent !== undefined && { traceparent }),
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sent, body)).join(' '),
  }
}

/** The status says all: the rest is read only so that the connection can be used again, and no longer than the attempt may last. */
function readToEnd(response: IncomingMessage): Promise<void> {
  let bytes = 0
  return new Promise((resolve) => {
    response.once('close', resolve).on('error', () => { response.destroy() }).on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > ANSWER_BYTES_MAX) response.destroy()
    })
  })
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, now: number): DeliveryOutcome {
  if (statusCode >= 200 && statusCode < 300) return { statusCode }
  const retryAfterMs = retryAfter(headers['retry-after'], now)
  const isRedirect = statusCode >= 300 && statusCode < 400
  const error = isRedirect ? `It answered ${statusCode}: redirects are not followed, so register the URL that it leads to.` : `It answered ${statusCode}.`
  return { statusCode, error, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined
}

function sentence(error: unknown): string {
  if (error instanceof NotAllowed) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return `No answer came: ${code ?? message}.`
}
