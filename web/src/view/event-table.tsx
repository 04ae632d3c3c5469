import { useState } from 'preact/hooks'
import { places } from '../api/places.ts'
import type { LogEvent } from '../api/types.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { effectOf } from '../stock/effect.ts'
import { EffectText } from './effect.tsx'
import { Moment } from './moment.tsx'

interface EventTableProps {
  /** In the order in which they are shown. */
  readonly events: readonly LogEvent[]
  readonly label: string
  /** Left out where all are of one stock level. */
  readonly hasPlaces: boolean
  /** Where all are of one location. */
  readonly timeZone?: string
}

export function EventTable({ events, label, hasPlaces, timeZone }: EventTableProps) {
  const { audit } = words.value
  return (
    <table class="events" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{audit.time}</th><th scope="col">{audit.what}</th>
          {hasPlaces && <th scope="col">{audit.where}</th>}
          <th scope="col">{audit.effect}</th><th scope="col">{audit.why}</th><th scope="col">{audit.who}</th><th scope="col"><span class="unseen">{audit.json}</span></th>
        </tr>
      </thead>
      <tbody>{events.map((event) => <Row key={event.id} event={event} hasPlaces={hasPlaces} timeZone={timeZone ?? zoneOf(event)} />)}</tbody>
    </table>
  )
}

/** What was recorded long after it happened shows both times. */
const LATE_MS = 60_000
const isLate = ({ occurredAt, recordedAt }: LogEvent): boolean => Date.parse(recordedAt) - Date.parse(occurredAt) > LATE_MS

const zoneOf = ({ location }: LogEvent): string | undefined => (location === null ? undefined : places.value.get(location)?.timeZone)

function Row({ event, hasPlaces, timeZone }: { readonly event: LogEvent; readonly hasPlaces: boolean; readonly timeZone: string | undefined }) {
  const [isOpen, setOpen] = useState(false)
  const { audit, events, reasons } = words.value
  const why = [event.reason && (reasons[event.reason] ?? event.reason), event.reference, event.note].filter(Boolean)
  return (
    <>
      <tr data-event={event.id} class="event">
        <td class="when">
          <Moment at={event.recordedAt} style="short" timeZone={timeZone} />
          {isLate(event) && <small>{audit.occurred} <Moment at={event.occurredAt} style="short" timeZone={timeZone} /></small>}
        </td>
        <td>{events[event.type] ?? event.type}</td>
        {hasPlaces && <td class="product"><Place event={event} /></td>}
        <td><EffectText effect={effectOf(event)} /></td>
        <td class="why">{why.join(' · ')}</td>
        <td>{event.actor}</td>
        <td class="more"><button type="button" class="plain" aria-expanded={isOpen} aria-label={`${audit.json}: ${event.type}`} onClick={() => { setOpen(!isOpen) }}>{'{ }'}</button></td>
      </tr>
      {isOpen && <tr class="json"><td colSpan={hasPlaces ? 7 : 6}><Json event={event} /></td></tr>}
    </>
  )
}

function Place({ event: { sku, location, stream } }: { readonly event: LogEvent }) {
  if (sku !== null && location !== null) return <><a href={href(['stock', location, sku])}>{sku}</a><small>{places.value.get(location)?.name ?? location}</small></>
  return <>{sku ?? (location === null ? stream : places.value.get(location)?.name ?? location)}</>
}

function Json({ event }: { readonly event: LogEvent }) {
  return (
    <>
      <p><a href={href(['audit'], { correlation: event.correlationId })}>{words.value.audit.follow}</a></p>
      <pre tabIndex={0}><code>{JSON.stringify(event, null, 2)}</code></pre>
    </>
  )
}
