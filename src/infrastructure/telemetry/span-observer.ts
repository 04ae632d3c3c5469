import { type Link, ROOT_CONTEXT, type Span, type SpanContext, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'
import { type Observer, type StepFacts, unobserved } from '../../application/observer.ts'
import type { RecordedEvent } from '../../application/ports.ts'
import { parseTraceparent } from './trace-context.ts'

/** Appends look for the batch that took them right after it was written. */
const BATCHES_KEPT = 64
const LINKS_MAX = 128

/**
 * Makes spans of what has been: decide, append and project under the request that they were done for, and the batch in a
 * trace of its own, as it is done for many. `open` finds the spans of requests that are on.
 */
export function createSpanObserver(tracer: Tracer, open: ReadonlyMap<string, Span>): Observer {
  const batches: { readonly last: number; readonly context: SpanContext }[] = []
  return {
    ...unobserved,
    operation({ caller: { traceparent }, kind, name, outcome }) {
      const span = traceparent === undefined ? undefined : open.get(traceparent)
      span?.setAttributes({ 'graphql.operation.type': kind, ...(name !== undefined && { 'graphql.operation.name': name }), outcome })
    },
    step(facts) {
      const batch = facts.position === undefined ? undefined : batches.find(({ last }) => last >= (facts.position ?? 0))
      recordStep(tracer, facts, batch ? [{ context: batch.context }] : [])
    },
    batch({ writeMs, syncMs, bytes }, events) {
      const links = parents(events).slice(0, LINKS_MAX).map((context) => ({ context }))
      const last = events.at(-1)
      if (links.length === 0 || !last) return
      const context = recordBatch(tracer, { milliseconds: writeMs + syncMs, links, events: events.length, bytes, syncMs })
      batches.push({ last: last.position, context })
      if (batches.length > BATCHES_KEPT) batches.shift()
    },
    projection({ milliseconds }, events) {
      for (const parent of parents(events)) record(tracer, { name: 'project', milliseconds, parent })
    },
  }
}

function recordStep(tracer: Tracer, { step, caller, milliseconds, failure }: StepFacts, links: Link[]): void {
  const parent = parseTraceparent(caller.traceparent)
  if (parent) record(tracer, { name: step, milliseconds, parent, links, failure })
}

interface Recorded {
  readonly name: string
  readonly milliseconds: number
  readonly parent?: SpanContext
  readonly links?: Link[]
  readonly attributes?: Readonly<Record<string, number>>
  readonly failure?: string | undefined
}

/** A span that ends now. */
function record(tracer: Tracer, { name, milliseconds, parent, links = [], attributes = {}, failure }: Recorded): SpanContext {
  const end = performance.now()
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
  const span = tracer.startSpan(name, { startTime: end - milliseconds, links, attributes }, context)
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
  span.end(end)
  return span.spanContext()
}

const recordBatch = (tracer: Tracer, { milliseconds, links, ...attributes }: { milliseconds: number; links: Link[]; events: number; bytes: number; syncMs: number }): SpanContext =>
  record(tracer, { name: 'batch', milliseconds, links, attributes })

/** The requests that the events were decided for, as far as they are traced. */
function parents(events: readonly RecordedEvent[]): SpanContext[] {
  const traceparents = new Set(events.map(({ metadata }) => metadata.traceparent))
  return [...traceparents].map((traceparent) => parseTraceparent(traceparent)).filter((context) => context !== undefined)
}
