import { subjectOf } from '../domain/streams.ts'
import type { EventFilter, RecordedEvent } from './ports.ts'

/** Tells the events that the filter asks for, as EventStore.find does. */
export function eventMatcher(filter: EventFilter): (event: RecordedEvent) => boolean {
  const { skus, locations, reference, correlationId, recordedFrom, recordedTo, occurredFrom, occurredTo } = filter
  const isType = oneOf(filter.types)
  const isStream = oneOf(filter.streams)
  const isSku = oneOf(skus)
  const isLocation = oneOf(locations)
  const isSubject = (stream: string): boolean => {
    const { sku, location } = subjectOf(stream)
    return isSku(sku) && isLocation(location)
  }
  return ({ type, stream, metadata, recordedAt, occurredAt }) =>
    isType(type)
    && isStream(stream)
    && ((skus === undefined && locations === undefined) || isSubject(stream))
    && (reference === undefined || metadata.reference === reference)
    && (correlationId === undefined || metadata.correlationId === correlationId)
    && isWithin(recordedAt, recordedFrom, recordedTo)
    && isWithin(occurredAt, occurredFrom, occurredTo)
}

/** Any value where nothing is asked for; none where none is. */
function oneOf(wanted: readonly string[] | undefined): (value: string | undefined) => boolean {
  if (wanted === undefined) return () => true
  const values = new Set(wanted)
  return (value) => value !== undefined && values.has(value)
}

/** From is inclusive, to is not. */
const isWithin = (value: number, from = -Infinity, to = Infinity): boolean => value >= from && value < to
