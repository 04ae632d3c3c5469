import { useEffect, useRef } from 'preact/hooks'
import type { EventFilter } from '../api/events.ts'
import { loadPlaces } from '../api/places.ts'
import type { LogEvent } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { followEvents } from '../live/follow-events.ts'
import { route } from '../router.ts'
import { EventTable } from '../view/event-table.tsx'
import { Failure } from '../view/failure.tsx'
import { type RecentEvents, useRecentEvents } from '../view/recent-events.ts'
import { Title } from '../view/title.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { filterOf } from './filter.ts'

export function AuditPage() {
  const { audit } = words.value
  const filter = filterOf(route.value.params)
  const live = useLive(filter)
  const recent = useRecentEvents(filter, live.from)
  live.add.current = recent.add
  useEffect(() => { void loadPlaces() }, [])
  return (
    <div class="audit">
      <Title text={audit.title}><p class="count">{audit.shown(number(recent.events.length))}</p></Title>
      <AuditFilters />
      {recent.error !== undefined && <Failure error={recent.error} onRetry={recent.older} />}
      {recent.events.length === 0 && !recent.isLoading && recent.error === undefined && <p class="panel none">{audit.none}</p>}
      {recent.events.length > 0 && (
        <div class="panel scroll" tabIndex={0} role="region" aria-label={audit.title}>
          <EventTable events={recent.events} label={audit.title} hasPlaces />
          {recent.hasOlder && <p class="more"><button type="button" disabled={recent.isLoading} onClick={recent.older}>{audit.older}</button></p>}
        </div>
      )}
    </div>
  )
}

/** Follows the filtered log from the last event that was read, and hands new ones on in batches. */
function useLive(filter: EventFilter) {
  const add = useRef<RecentEvents['add']>(() => undefined)
  const stop = useRef((): void => undefined)
  const key = JSON.stringify(filter)
  useEffect(() => () => { stop.current() }, [key])
  const from = (last: LogEvent | undefined): void => {
    stop.current()
    stop.current = followEvents(filter, last?.cursor ?? null, (events) => { add.current(events) })
  }
  return { add, from }
}
