import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface SunkSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly kind: number
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
}

interface Payload {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SunkSpan, 'attributes'> & {
        readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
      })[]
    }[]
  }[]
}

export interface TraceSink {
  readonly url: string
  readonly spans: readonly SunkSpan[]
  /** How many requests have come, answered or not. */
  readonly requests: () => number
  close(): Promise<void>
}

/** Takes traces as OTLP over HTTP and JSON; one that hangs takes them and never answers. */
export async function openTraceSink({ hangs = false } = {}): Promise<TraceSink> {
  const spans: SunkSpan[] = []
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    if (hangs) return
    void json(request).then((payload) => {
      if (request.url === '/v1/traces') spans.push(...spansOf(payload as Payload))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests: () => requests,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const spansOf = ({ resourceSpans }: Payload): SunkSpan[] =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans).map(({ attributes, ...span }) => ({
    ...span,
    parentSpanId: (span.parentSpanId as string | undefined) ?? '',
    links: (span.links as SunkSpan['links'] | undefined) ?? [],
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
  }))
