import { EVENT_SCHEMAS } from '../../domain/events.ts'
import { subjectOf } from '../../domain/streams.ts'
import type { EventFilter, EventStore, RecordedEvent } from '../ports.ts'
import type { Identity } from './identity.ts'
import { PERMISSIONS } from './permissions.ts'
import { among, isPermitted } from './scope.ts'

type Events = Pick<EventStore, 'find' | 'event'>

const isOfWebhook = (type: string): boolean => type.startsWith('Webhook')
const BUT_WEBHOOKS = Object.keys(EVENT_SCHEMAS).filter((type) => !isOfWebhook(type))

/** Of the log, what the caller may see: of one who is bound to locations, what the streams of these hold. */
export function authorizedEvents(events: Events, identity: Identity): Events {
  return {
    find: (filter, range) => events.find(visible(filter, identity), range),
    async event(id) {
      const event = await events.event(id)
      return event && isVisible(event, identity) ? event : undefined
    },
  }
}

/** The filter that leaves out what the caller may not see. */
export function visible<Filter extends EventFilter>(filter: Filter, identity: Identity): Filter {
  const { locations: own } = identity
  if (own !== 'all') return { ...filter, locations: among(own, filter.locations) }
  if (isPermitted(identity, PERMISSIONS.Query.webhooks)) return filter
  const { types } = filter
  return { ...filter, types: types ? types.filter((type) => !isOfWebhook(type)) : BUT_WEBHOOKS }
}

function isVisible(event: RecordedEvent, identity: Identity): boolean {
  const { locations: own } = identity
  if (own === 'all') return !isOfWebhook(event.type) || isPermitted(identity, PERMISSIONS.Query.webhooks)
  const { location } = subjectOf(event.stream)
  return location !== undefined && own.has(location)
}
