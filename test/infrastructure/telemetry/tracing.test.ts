import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RunningServer, startRunningServer } from './running-server.ts'
import { openTraceSink, type SunkSpan, type TraceSink } from './trace-sink.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const OPEN = 'mutation OpenLisbon { openLocation(input: { code: "LIS", name: "Lisbon" }) { userErrors { code } } }'
/** As OTLP numbers them. */
const KIND = { server: 2, client: 3 } as const

describe('traces', () => {
  let sink: TraceSink
  let server: RunningServer

  const start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    server = await startRunningServer({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...settings })
  }
  afterEach(async () => {
    await server.close()
    await sink.close()
  })

  /** Once all of the names have come. */
  async function spans(...names: readonly string[]): Promise<SunkSpan[]> {
    while (!names.every((name) => sink.spans.some((span) => span.name === name))) await new Promise((resolve) => { setTimeout(resolve, 20) })
    return names.map((name) => sink.spans.find((span) => span.name === name)!)
  }

  describe('of a command', () => {
    beforeEach(async () => {
      sink = await openTraceSink()
      await start()
    })

    it('go on from who asks, with decide, append and project under the request', async () => {
      await server.ask(OPEN, { traceparent: `00-${TRACE}-${PARENT}-01` })
      const [request, ...steps] = await spans('POST /graphql', 'decide', 'append', 'project')
      expect(request).to.include({ traceId: TRACE, parentSpanId: PARENT, kind: KIND.server })
      expect(request!.attributes).to.include({
        'http.route': '/graphql', 'http.response.status_code': 200, 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'OpenLisbon', outcome: 'OK',
      })
      for (const step of steps) expect([step.traceId, step.parentSpanId], step.name).to.deep.equal([TRACE, request!.spanId])
      for (const step of steps) expect(BigInt(step.startTimeUnixNano) <= BigInt(step.endTimeUnixNano), step.name).to.equal(true)
    })

    it('link the append with the batch that took it, and the batch with the request', async () => {
      await server.ask(OPEN)
      const [request, append, batch] = await spans('POST /graphql', 'append', 'batch')
      expect(append!.links.map(({ spanId }) => spanId)).to.deep.equal([batch!.spanId])
      expect(batch!.links.map(({ spanId }) => spanId)).to.deep.equal([request!.spanId])
      expect(batch!.traceId).not.to.equal(request!.traceId)
      expect(batch!.attributes).to.include({ events: 1 })
    })

    it('tell the client where its request stands', async () => {
      const response = await fetch(`${server.url}/graphql`, { method: 'POST', body: JSON.stringify({ query: OPEN }), headers: { 'content-type': 'application/json' } })
      await response.text()
      const [request] = await spans('POST /graphql')
      expect(response.headers.get('traceresponse')).to.equal(`00-${request!.traceId}-${request!.spanId}-01`)
    })

    it('are kept of what comes over a socket', async () => {
      await server.askOverSocket(OPEN, { traceparent: `00-${TRACE}-${PARENT}-01` })
      const [request, append] = await spans('websocket mutation', 'append')
      expect(request).to.include({ traceId: TRACE, parentSpanId: PARENT })
      expect(append!.parentSpanId).to.equal(request!.spanId)
    })

    it('are not kept where who asks keeps none, nor of probes', async () => {
      await server.ask(OPEN, { traceparent: `00-${TRACE}-${PARENT}-00` })
      await fetch(`${server.url}/healthz`)
      await server.ask('query Last { system { version } }')
      await spans('POST /graphql')
      expect(sink.spans.map(({ attributes }) => attributes['graphql.operation.name'])).to.deep.equal(['Last'])
    })

    for (const wrong of ['', 'x', `00-${'0'.repeat(32)}-${PARENT}-01`, `ff-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01-more`]) {
      it(`begin anew where who asks says «${wrong}»`, async () => {
        await server.ask(OPEN, { traceparent: wrong })
        const [request] = await spans('POST /graphql')
        expect(request!.parentSpanId).to.equal('')
        expect(request!.traceId).not.to.equal(TRACE)
      })
    }
  })

  it('lead from a command to the delivery of its events, and on to who is told', async () => {
    const told: IncomingMessage['headers'][] = []
    const receiver = createServer((request, response) => {
      told.push(request.headers)
      response.writeHead(204).end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    sink = await openTraceSink()
    await start({ WEBHOOK_ALLOW: '127.0.0.1' })
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    const answer = await server.ask(`mutation { registerWebhook(input: { url: "${url}", eventTypes: ["LocationOpened"] }) { userErrors { message } } }`)
    expect(answer.data).to.deep.equal({ registerWebhook: { userErrors: [] } })
    await server.ask(OPEN, { traceparent: `00-${TRACE}-${PARENT}-01` })
    const [delivery] = await spans('webhook delivery', 'project')
    const project = sink.spans.find(({ traceId, name }) => traceId === TRACE && name === 'project')
    expect(delivery!.kind).to.equal(KIND.client)
    expect(delivery!.links.map(({ traceId, spanId }) => [traceId, spanId])).to.deep.equal([[TRACE, project?.parentSpanId]])
    expect(told.at(-1)!.traceparent).to.equal(`00-${delivery!.traceId}-${delivery!.spanId}-01`)
    receiver.close()
    receiver.closeAllConnections()
  })

  for (const [what, open] of [
    ['hangs', () => openTraceSink({ hangs: true })],
    ['refuses connections', async () => {
      const gone = await openTraceSink()
      await gone.close()
      return { ...gone, close: () => Promise.resolve() }
    }],
  ] as const) {
    it(`harm nothing where who takes them ${what}, and hold up no end`, async () => {
      sink = await open()
      await start()
      for (let n = 0; n < 50; n++) {
        const answer = await server.ask(`mutation { openLocation(input: { code: "L${n}", name: "L" }) { userErrors { code } } }`)
        expect(answer).to.deep.equal({ data: { openLocation: { userErrors: [] } } })
      }
      const startedAt = Date.now()
      await server.close()
      expect(Date.now() - startedAt).to.be.lessThan(8_000)
      await sink.close()
      sink = await openTraceSink()
      await start()
    })
  }

  it('are off without an endpoint, and leave nothing in the log of events', async () => {
    sink = await openTraceSink()
    server = await startRunningServer()
    await server.ask(OPEN, { traceparent: `00-${TRACE}-${PARENT}-01` })
    const { events } = await server.inventory.events.find({}, { first: 1 })
    expect(events[0]!.metadata).not.to.have.property('traceparent')
    expect(sink.requests()).to.equal(0)
  })
})
