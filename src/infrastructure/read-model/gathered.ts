import type { RecordedEvent } from '../../application/ports.ts'

/** Batches of so many events at least: a row that many events of a batch change is written once. */
export async function* gathered(batches: AsyncIterable<readonly RecordedEvent[]>, eventsMin: number): AsyncGenerator<readonly RecordedEvent[], void> {
  let events: RecordedEvent[] = []
  for await (const batch of batches) {
    events.push(...batch)
    if (events.length < eventsMin) continue
    yield events
    events = []
  }
  if (events.length > 0) yield events
}
