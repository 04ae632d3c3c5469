import { Counter, Histogram, type Registry } from 'prom-client'
import { type AnswerSource, type Observer, unobserved } from '../../application/observer.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000]
const BYTES = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]

/** Counts as it is told. */
export function createCounts(register: Registry): Observer {
  const { requests, operations, prepared, commands, commandSeconds, forwarded } = demand(register)
  const { appends, failures, batchEvents, batchBytes, writeSeconds, syncSeconds } = log(register)
  const { projectionSeconds, answers } = readSide(register)
  const attempts = webhooks(register)
  return {
    ...unobserved,
    request({ method, route, status, milliseconds }) {
      requests.observe({ method: METHODS.has(method) ? method : 'OTHER', route, status }, milliseconds / 1_000)
    },
    operation({ kind, transport, outcome, isPrepared, milliseconds }) {
      if (isPrepared) prepared.inc()
      operations.observe({ kind, transport, outcome }, milliseconds / 1_000)
    },
    command({ command, outcome, milliseconds }) {
      commands.inc({ command, outcome })
      commandSeconds.observe({ command }, milliseconds / 1_000)
    },
    step({ step, failure = 'answered' }) { if (step === 'forward') forwarded.inc({ outcome: failure }) },
    batch(batch) {
      appends.inc(batch.appends)
      batchEvents.observe(batch.events)
      batchBytes.observe(batch.bytes)
      writeSeconds.observe(batch.writeMs / 1_000)
      syncSeconds.observe(batch.syncMs / 1_000)
    },
    batchFailed() { failures.inc() },
    projection({ milliseconds }) { projectionSeconds.observe(milliseconds / 1_000) },
    answer(from) { answers[from] += 1 },
    delivery({ outcome, milliseconds }) { attempts.observe({ outcome }, milliseconds / 1_000) },
  }
}

function demand(register: Registry) {
  const registers = [register]
  return {
    requests: new Histogram({
      name: 'stockstream_http_request_duration_seconds', help: 'How long HTTP requests took, by method, route and status.',
      labelNames: ['method', 'route', 'status'], buckets: SECONDS, registers,
    }),
    operations: new Histogram({
      name: 'stockstream_graphql_operation_duration_seconds', registers, buckets: SECONDS,
      help: 'How long GraphQL operations took, by kind, transport and outcome: OK, or the code of the first error. A subscription lasts until it ends.',
      labelNames: ['kind', 'transport', 'outcome'],
    }),
    prepared: new Counter({
      name: 'stockstream_graphql_prepared_total', help: 'GraphQL operations over HTTP that were answered by a prepared document.', registers,
    }),
    commands: new Counter({
      name: 'stockstream_commands_total', help: 'Commands that were answered, by name and outcome.', labelNames: ['command', 'outcome'], registers,
    }),
    commandSeconds: new Histogram({
      name: 'stockstream_command_duration_seconds', help: 'How long commands took, until their events were on disk and projected.',
      labelNames: ['command'], buckets: SECONDS, registers,
    }),
    forwarded: new Counter({
      name: 'stockstream_commands_forwarded_total', registers, labelNames: ['outcome'],
      help: 'Commands that were given to the node that owns what they are about, by what came of it: answered, unavailable, untaken, unanswered or failed.',
    }),
  }
}

function log(register: Registry) {
  const registers = [register]
  return {
    appends: new Counter({ name: 'stockstream_log_appends_total', help: 'Appends that are on disk: one a command.', registers }),
    failures: new Counter({ name: 'stockstream_log_write_failures_total', help: 'Batches that could not be written or synced.', registers }),
    batchEvents: new Histogram({ name: 'stockstream_log_batch_events', help: 'Events in a batch: one write and one sync.', buckets: EVENTS, registers }),
    batchBytes: new Histogram({ name: 'stockstream_log_batch_bytes', help: 'Bytes in a batch, its commit line included.', buckets: BYTES, registers }),
    writeSeconds: new Histogram({ name: 'stockstream_log_write_duration_seconds', help: 'How long it took to write a batch.', buckets: SECONDS, registers }),
    syncSeconds: new Histogram({ name: 'stockstream_log_sync_duration_seconds', help: 'How long the disk took to make a batch durable.', buckets: SECONDS, registers }),
  }
}

function readSide(register: Registry) {
  const registers = [register]
  return {
    projectionSeconds: new Histogram({
      name: 'stockstream_projection_duration_seconds', help: 'How long it took to bring the read model up to date with a batch.', buckets: SECONDS, registers,
    }),
    answers: countedAnswers(registers),
  }
}

const webhooks = (register: Registry) => new Histogram({
  name: 'stockstream_webhook_attempt_duration_seconds', registers: [register], labelNames: ['outcome'], buckets: [...SECONDS, 15],
  help: 'How long attempts to tell an endpoint of an event took, by outcome: delivered, refused, gone or unanswered.',
})

/** One query gives hundreds of answers: they are counted here, and told when somebody asks. */
function countedAnswers(registers: Registry[]): Record<AnswerSource, number> {
  const counts = { cache: 0, store: 0, stale: 0 }
  new Counter({
    name: 'stockstream_cache_answers_total', help: 'Answers to queries: from the cache, from the store, or stale because the store was away.',
    labelNames: ['from'], registers,
    collect() {
      this.reset()
      for (const [from, count] of Object.entries(counts)) if (count > 0) this.inc({ from }, count)
    },
  })
  return counts
}
