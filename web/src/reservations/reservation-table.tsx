import { places } from '../api/places.ts'
import type { Reservation } from '../api/reservations.ts'
import { may } from '../api/session.ts'
import { contentsOf } from '../documents/contents.ts'
import { ExpandableRow } from '../documents/expandable-row.tsx'
import { StatusBadge } from '../documents/status-badge.tsx'
import { words } from '../i18n/index.ts'
import { Moment } from '../view/moment.tsx'
import { ReservationForm } from './reservation-form.tsx'
import { openOf, ReservationLines } from './reservation-lines.tsx'

interface ReservationTableProps { readonly reservations: readonly Reservation[]; readonly onAnswered: () => void; readonly areOpen?: boolean }

export function ReservationTable({ reservations, onAnswered, areOpen = false }: ReservationTableProps) {
  const { documents, reservations: text } = words.value
  return (
    <div class="panel scroll documents" tabIndex={0} role="region" aria-label={text.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{documents.reference}</th><th scope="col">{documents.status}</th><th scope="col" class="contents">{documents.contents}</th>
            <th scope="col" class="when">{text.placed}</th><th scope="col" class="when">{text.until}</th><th scope="col"><span class="unseen">{documents.lines}</span></th>
          </tr>
        </thead>
        <tbody>{reservations.map((reservation) => <Row key={reservation.id} reservation={reservation} onAnswered={onAnswered} isOpenAtFirst={areOpen} />)}</tbody>
      </table>
    </div>
  )
}

interface RowProps { readonly reservation: Reservation; readonly onAnswered: () => void; readonly isOpenAtFirst: boolean }

function Row({ reservation, onAnswered, isOpenAtFirst }: RowProps) {
  const { documents, reservations: text } = words.value
  const { id, status, reference, placedAt, expiresAt, lines } = reservation
  const timeZone = places.value.get(lines[0]?.location ?? '')?.timeZone
  return (
    <ExpandableRow
      id={id} name={reference ?? id} columns={6} isOpenAtFirst={isOpenAtFirst} cells={(
        <>
          <td class="product">{reference ?? <span class="none">{documents.noReference}</span>}<small>{id.replace(/^reservation:/, '')}</small></td>
          <td><StatusBadge status={status} name={text.statuses[status]} /></td>
          <td class="contents">{contentsOf(lines, openOf)}</td>
          <td class="when"><Moment at={placedAt} timeZone={timeZone} /></td>
          <td class="when">{expiresAt === null ? <span class="none">{text.untilEnded}</span> : <Moment at={expiresAt} timeZone={timeZone} />}</td>
        </>
      )}
    >
      {status === 'OPEN' && may('releaseReservation')
        ? <ReservationForm key={reservation.version} reservation={reservation} onAnswered={onAnswered} />
        : <ReservationLines reservation={reservation} />}
    </ExpandableRow>
  )
}
