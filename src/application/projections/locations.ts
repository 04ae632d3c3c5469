import type { LocationEvent } from '../../domain/events.ts'
import { location, type Location } from '../../domain/location.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { LocationView } from '../views.ts'

export const locations: StateProjection<LocationView, Location> = {
  name: 'locations',
  keyOf: ({ stream }) => (stream.startsWith('location:') ? stream : undefined),
  evolve(row, event) {
    const state = location.evolve(row ? stateOf(row) : location.initialState, event as RecordedEvent<LocationEvent>)
    if (state.status === 'unknown') throw new Error(`${event.type} at ${event.position} is about a location that was never opened.`)
    const { code, name, kind, timeZone } = state
    return {
      code, name, kind, timeZone,
      status: state.status === 'open' ? 'OPEN' : 'CLOSED',
      version: event.version,
      openedAt: row?.openedAt ?? event.recordedAt,
      updatedAt: event.recordedAt,
    }
  },
  stateOf,
}

function stateOf({ code, name, kind, timeZone, status }: LocationView): Location {
  return { status: status === 'OPEN' ? 'open' : 'closed', code, name, kind, timeZone }
}
