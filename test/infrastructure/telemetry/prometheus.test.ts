import { expect } from 'chai'
import { Receiver, until } from '../../application/webhooks/receiver.ts'
import { hasPromtool, promtool } from './promtool.ts'
import { type RunningServer, startRunningServer } from './running-server.ts'

const REGISTER = (sku: string): string => `mutation { registerProduct(input: { sku: "${sku}", name: "Tea" }) { replayed userErrors { code } } }`
const ADD = (sku: string): string => `mutation { addStock(input: { sku: "${sku}", location: "LIS", quantity: 5 }) { replayed userErrors { code } } }`

describe('the metrics', () => {
  let server: RunningServer

  beforeEach(async () => {
    server = await startRunningServer({ WEBHOOK_ALLOW: '127.0.0.1' })
    await server.ask('mutation { openLocation(input: { code: "LIS", name: "Lisbon" }) { replayed userErrors { code } } }')
  })
  afterEach(async () => { await server.close() })

  const expectLines = async (...wanted: readonly string[]): Promise<void> => { expect(await server.scrape()).to.include.members([...wanted]) }

  it('count requests by route, and none by what a client made up', async () => {
    await (await fetch(`${server.url}/a-path-that-a-client-made-up`)).text()
    await (await fetch(`${server.url}/graphql`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).text()
    await expectLines(
      'stockstream_http_request_duration_seconds_count{method="POST",route="/graphql",status="200"} 1',
      'stockstream_http_request_duration_seconds_count{method="POST",route="/graphql",status="400"} 1',
      'stockstream_http_request_duration_seconds_count{method="GET",route="other",status="404"} 1',
    )
    expect((await server.scrape()).join('\n')).not.to.include('made-up')
  })

  it('count operations by kind, transport and outcome', async () => {
    await server.ask('query ANameOfAClient { system { version } }')
    await server.ask('{ noSuchField }')
    await server.askOverSocket(REGISTER('TEA'))
    await server.askOverSocket('{ noSuchField }').catch(() => undefined)
    await server.askOverSocket('{ stockLevels(after: "no cursor") { totalCount } }')
    const count = (labels: string, times = 1): string => `stockstream_graphql_operation_duration_seconds_count{${labels}} ${times}`
    await expectLines(
      count('kind="query",transport="http",outcome="OK"'),
      count('kind="invalid",transport="http",outcome="BAD_USER_INPUT"'),
      count('kind="mutation",transport="websocket",outcome="OK"'),
      count('kind="invalid",transport="websocket",outcome="BAD_USER_INPUT"'),
      count('kind="query",transport="websocket",outcome="BAD_USER_INPUT"'),
    )
    expect((await server.scrape()).join('\n')).not.to.include('ANameOfAClient')
  })

  it('count commands by name and outcome, and what they wrote', async () => {
    await server.ask(REGISTER('TEA'))
    await server.ask(REGISTER('TEA'))
    const keyed = 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 5, idempotencyKey: "k-1" }) { replayed userErrors { code } } }'
    await server.ask(keyed)
    await server.ask(keyed)
    await expectLines(
      'stockstream_commands_total{command="registerProduct",outcome="done"} 1',
      'stockstream_commands_total{command="registerProduct",outcome="refused"} 1',
      'stockstream_commands_total{command="addStock",outcome="done"} 1',
      'stockstream_commands_total{command="addStock",outcome="replayed"} 1',
      'stockstream_command_duration_seconds_count{command="addStock"} 2',
      'stockstream_events_total 3',
      'stockstream_log_appends_total 3',
      'stockstream_log_batch_events_sum 3',
      'stockstream_log_sync_duration_seconds_count 3',
      'stockstream_log_write_failures_total 0',
      'stockstream_projection_duration_seconds_count 3',
      'stockstream_read_model_lag_events 0',
      'stockstream_ready 1',
    )
  })

  it('count answers from the cache and from the store, open reservations and breakers', async () => {
    await server.ask(REGISTER('TEA'))
    await server.ask(ADD('TEA'))
    const before = await server.scrape()
    await server.ask('mutation { reserveStock(input: { lines: [{ sku: "TEA", location: "LIS", quantity: 2 }] }) { userErrors { code } } }')
    for (let time = 1; time <= 2; time++) await server.ask('{ stockLevels { totalCount } }')
    expect(before).to.include('stockstream_reservations_open 0')
    await expectLines(
      'stockstream_reservations_open 1',
      'stockstream_subscribers 0',
      'stockstream_breaker_state{name="event store",state="CLOSED"} 1',
      'stockstream_breaker_state{name="event store",state="OPEN"} 0',
    )
    for (const from of ['cache', 'store']) {
      expect((await server.scrape()).some((line) => new RegExp(`^stockstream_cache_answers_total\\{from="${from}"\\} [1-9]`).test(line)), from).to.equal(true)
    }
  })

  it('count attempts of webhooks by what came of them, and not by endpoint', async () => {
    const receivers = await Promise.all([204, 500, 410, undefined].map(async (status) => {
      const receiver = await new Receiver().open()
      receiver.behaviour = () => status
      const registered = await server.ask(`mutation { registerWebhook(input: { url: "${receiver.url}", eventTypes: ["ProductRegistered"] }) { secret } }`)
      receiver.secret = (registered.data as { registerWebhook: { secret: string } }).registerWebhook.secret
      if (status === undefined) await receiver.close()
      return receiver
    }))
    try {
      await server.ask(REGISTER('TEA'))
      const attempts = /^stockstream_webhook_attempt_duration_seconds_count\{outcome="(\w+)"\} [1-9]/
      await until(async () => (await server.scrape()).filter((line) => attempts.test(line)).length === 4)
      const named = (await server.scrape()).flatMap((line) => attempts.exec(line)?.[1] ?? [])
      expect(named).to.have.members(['delivered', 'refused', 'gone', 'unanswered'])
      if (hasPromtool()) expect(await promtool(['check', 'metrics'], (await server.scrape()).join('\n'))).to.deep.equal({ code: 0, output: '' })
    } finally {
      for (const receiver of receivers.slice(0, 3)) await receiver.close()
    }
  })

  // Who asks for the metrics is counted, too, when the answer has left.
  it('have no more series with more products and more names of operations', async () => {
    const seriesOf = (lines: readonly string[]): string[] =>
      lines.filter((line) => line.startsWith('stockstream_') && !line.includes('route="/metrics"')).map((line) => line.slice(0, line.lastIndexOf(' '))).sort()
    const load = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n++) {
        await server.ask(REGISTER(`SKU-${n}`))
        await server.ask(ADD(`SKU-${n}`))
        await server.ask(`query Operation${n} { product(sku: "SKU-${n}") { name } }`)
      }
    }
    await load(0, 3)
    const few = seriesOf(await server.scrape())
    await load(3, 40)
    expect(seriesOf(await server.scrape()).filter((series) => !few.includes(series))).to.deep.equal([])
  })

  it('tell of the event loop, garbage collection and memory', async () => {
    const text = (await server.scrape()).join('\n')
    for (const name of ['nodejs_eventloop_lag_seconds', '# TYPE nodejs_gc_duration_seconds histogram', 'process_resident_memory_bytes']) expect(text).to.include(name)
  })

  it('are as promtool wants them', async function () {
    if (!hasPromtool()) this.skip()
    await server.ask(REGISTER('TEA'))
    await server.ask(ADD('TEA'))
    expect(await promtool(['check', 'metrics'], (await server.scrape()).join('\n'))).to.deep.equal({ code: 0, output: '' })
  })
})
