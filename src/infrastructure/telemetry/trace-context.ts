import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api'

/** Of version 00, or of a later one that begins as it does. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|(?<!^00.*)-)/
const STATE_CHARACTERS_MAX = 512

/** Undefined where it is no traceparent. */
export function parseTraceparent(text: string | undefined, state?: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text ?? '') ?? []
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
  if (!isSpanContextValid(context)) return undefined
  return state === undefined || state.length > STATE_CHARACTERS_MAX ? context : { ...context, traceState: createTraceState(state) }
}

export const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
