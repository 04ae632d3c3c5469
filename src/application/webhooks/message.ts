import { subjectOf } from '../../domain/streams.ts'
import type { RecordedEvent } from '../ports.ts'

export const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8'

/**
 * The event as a CloudEvent 1.0 in structured mode. `type` and `data` are as the API shows them; the attributes beyond the
 * specification's own are `sequence` (the place in the log, which sorts as text), `streamversion`, `recordedtime`,
 * `correlationid`, and where there is one `causationid`, `sku`, `location`, `actor` and `reference`.
 */
export function cloudEvent(event: RecordedEvent, logId: string): string {
  const { id, type, stream, version, position, occurredAt, recordedAt, data, metadata } = event
  const { correlationId, causationId, actor, reference } = metadata
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: `urn:stockstream:${logId}`,
    type,
    subject: stream,
    time: new Date(occurredAt).toISOString(),
    recordedtime: new Date(recordedAt).toISOString(),
    sequence: String(position).padStart(20, '0'),
    streamversion: String(version),
    correlationid: correlationId,
    causationid: causationId,
    actor,
    reference,
    ...subjectOf(stream),
    datacontenttype: 'application/json',
    data,
  })
}
