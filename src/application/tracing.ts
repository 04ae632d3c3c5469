/** Spans that cross processes: W3C trace context. What goes on within this process the observer is told anyway. */
export interface Tracing {
  /** Undefined where nobody wants to know. */
  begin(name: string, options: SpanOptions): Span | undefined
}

export interface SpanOptions {
  /** server: asked by somebody, client: asks somebody. */
  readonly kind: 'server' | 'client'
  /** What it is done for, as traceparent; what is none is passed over. A trace of its own where it is left out. */
  readonly parent?: string | undefined
  /** As tracestate. */
  readonly state?: string | undefined
  /** What led to it, as traceparents. */
  readonly links?: readonly string[]
}

export type SpanFacts = Readonly<Record<string, string | number>>

export interface Span {
  /** As traceparent: for whoever is asked on its behalf. */
  readonly traceparent: string
  end(facts: SpanFacts, failure?: string): void
}

/** Nobody wants to know. */
export const untraced: Tracing = { begin: () => undefined }
