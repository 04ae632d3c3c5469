import { signal } from '@preact/signals'
import { ask } from './client.ts'
import { PLACES } from './overview.ts'
import type { Place } from './types.ts'

/** The locations by their codes, for choices and for time zones. */
export const places = signal<ReadonlyMap<string, Place>>(new Map())

/** Where the server is away, what is known of them stays. */
export async function loadPlaces(): Promise<void> {
  const answer = await ask(PLACES, {}).catch(() => undefined)
  if (answer) places.value = new Map(answer.locations.nodes.map((place) => [place.code, place]))
}
