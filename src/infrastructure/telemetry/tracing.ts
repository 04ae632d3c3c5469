import { ROOT_CONTEXT, type Span as OtelSpan, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, ParentBasedSampler, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { setTimeout as wait } from 'node:timers/promises'
import type { Observer } from '../../application/observer.ts'
import type { Logger } from '../../application/ports.ts'
import type { Span, SpanOptions, Tracing } from '../../application/tracing.ts'
import { createSpanObserver } from './span-observer.ts'
import { formatTraceparent, parseTraceparent } from './trace-context.ts'

export interface TracingOptions {
  /** Where OTLP over HTTP is taken, without its /v1/traces. */
  readonly endpoint: string
  /** Of the traces that begin here, from 0 to 1. */
  readonly ratio: number
  readonly version: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

export interface OpenTracing {
  readonly tracing: Tracing
  readonly observer: Observer
  /** Sends what is left, for CLOSE_MS_MAX at the most. */
  close(): Promise<void>
}

/** What can't be sent is dropped: nothing waits for whoever takes it, and nothing grows. */
const QUEUE_SPANS_MAX = 4_096
const EXPORT_MS_MAX = 2_000
const EXPORT_EVERY_MS = 1_000
const CLOSE_MS_MAX = 2_000

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const

export function openTracing({ endpoint, ratio, version, logger }: TracingOptions): OpenTracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: EXPORT_MS_MAX })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'stockstream', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({
      exporter: reported(exporter, logger), maxQueueSize: QUEUE_SPANS_MAX, exportTimeoutMillis: EXPORT_MS_MAX, scheduledDelayMillis: EXPORT_EVERY_MS,
    })],
  })
  const tracer = provider.getTracer('stockstream', version)
  const open = new Map<string, OtelSpan>()
  return {
    tracing: { begin: (name, options) => begin(tracer, open, name, options) },
    observer: createSpanObserver(tracer, open),
    async close() { await Promise.race([provider.shutdown().catch(() => undefined), wait(CLOSE_MS_MAX, undefined, { ref: false })]) },
  }
}

function begin(tracer: Tracer, open: Map<string, OtelSpan>, name: string, { kind, parent, state, links = [] }: SpanOptions): Span | undefined {
  const remote = parseTraceparent(parent, state)
  const span = tracer.startSpan(name, {
    kind: KINDS[kind],
    links: links.map((link) => parseTraceparent(link)).filter((context) => context !== undefined).map((context) => ({ context })),
  }, remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT)
  if (!span.isRecording()) return undefined
  const traceparent = formatTraceparent(span.spanContext())
  open.set(traceparent, span)
  return {
    traceparent,
    end(facts, failure) {
      open.delete(traceparent)
      span.setAttributes(facts)
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end()
    },
  }
}

/** Says once that traces can't be sent, and once that they can again. */
function reported(exporter: SpanExporter, logger: TracingOptions['logger']): SpanExporter {
  let isAway = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const hasFailed = result.error !== undefined
        if (hasFailed && !isAway) logger.warn({ reason: result.error?.message }, 'Traces can not be sent; they are dropped until they can.')
        if (!hasFailed && isAway) logger.info({}, 'Traces are sent again.')
        isAway = hasFailed
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}
