import type { ApolloServerPlugin } from '@apollo/server'
import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Status } from '../../application/inventory.ts'
import type { Context } from '../graphql/context.ts'

/** What Prometheus reads at /metrics. Each server has its own. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** Counts and times a request from now until its response is done. The route is a pattern, never what a client made up. */
  request(response: ServerResponse, method: string, route: string): void
  /** Counts an operation: query, mutation or subscription. */
  operation(kind: string): void
  /** Counts an answer of a prepared document. */
  prepared(): void
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])
const BREAKER_STATES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const
const DURATIONS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(status: () => Status): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  readings(register, status)
  const durations = new Histogram({
    name: 'stockstream_http_request_duration_seconds',
    help: 'How long HTTP requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS_SECONDS,
    registers: [register],
  })
  const operations = new Counter({
    name: 'stockstream_graphql_operations_total',
    help: 'GraphQL operations begun, by kind.',
    labelNames: ['kind'],
    registers: [register],
  })
  const prepared = new Counter({
    name: 'stockstream_graphql_prepared_total',
    help: 'GraphQL operations over HTTP that were answered by a prepared document.',
    registers: [register],
  })
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    request(response, method, route) {
      const startedAt = performance.now()
      response.once('close', () => {
        const labels = { method: METHODS.has(method) ? method : 'OTHER', route, status: response.statusCode }
        durations.observe(labels, (performance.now() - startedAt) / 1_000)
      })
    },
    prepared() { prepared.inc() },
    operation(kind) { operations.inc({ kind }) },
  }
}

/** What is not counted here but read where it stands, when somebody asks. */
function readings(register: Registry, status: () => Status): void {
  const registers = [register]
  new Counter({
    name: 'stockstream_events_total', help: 'Events in the log.', registers,
    collect() { this.reset(); this.inc(status().head) },
  })
  new Gauge({
    name: 'stockstream_read_model_lag_events', help: 'Events appended and not yet projected.', registers,
    collect() { const { head, projected } = status(); this.set(head - projected) },
  })
  new Gauge({
    name: 'stockstream_subscribers', help: 'Subscriptions that follow changes.', registers,
    collect() { this.set(status().subscribers) },
  })
  new Gauge({
    name: 'stockstream_breaker_state', help: '1 for the state that a circuit breaker is in, 0 for the others.', labelNames: ['name', 'state'], registers,
    collect() {
      for (const { name, state } of status().breakers) for (const each of BREAKER_STATES) this.set({ name, state: each }, state === each ? 1 : 0)
    },
  })
}

/** Counts what comes over HTTP; what comes over the WebSocket is counted there. */
export const countOperations = (metrics: Metrics): ApolloServerPlugin<Context> => ({
  requestDidStart: () => Promise.resolve({
    executionDidStart({ operation }) {
      metrics.operation(operation.operation)
      return Promise.resolve()
    },
  }),
})
