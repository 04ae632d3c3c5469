import type { ComponentChildren } from 'preact'
import type { Reservation, ReservationLine } from '../api/reservations.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'

/** What of a line is neither handed out nor given back. */
export const openOf = ({ quantity, fulfilled, released }: ReservationLine): number => quantity - fulfilled - released

interface ReservationLinesProps {
  readonly reservation: Reservation
  readonly inputOf?: (line: ReservationLine) => ComponentChildren
}

/** What is promised, line by line; with a last column where there is something to write. */
export function ReservationLines({ reservation, inputOf }: ReservationLinesProps) {
  const { documents, reservations: text } = words.value
  return (
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">{documents.sku}</th><th scope="col">{documents.location}</th>
          <th scope="col" class="number settled">{text.reserved}</th><th scope="col" class="number settled">{text.fulfilled}</th>
          <th scope="col" class="number settled">{text.released}</th><th scope="col" class="number">{documents.open}</th>
          {inputOf && <th scope="col" class="written">{documents.quantity}</th>}
        </tr>
      </thead>
      <tbody>
        {reservation.lines.map((line) => (
          <tr key={`${line.location} ${line.sku}`}>
            <td class="product"><a href={href(['stock', line.location, line.sku])}>{line.sku}</a></td>
            <td>{line.location}</td>
            <td class="number settled">{number(line.quantity)}</td>
            <td class="number settled">{number(line.fulfilled)}</td>
            <td class="number settled">{number(line.released)}</td>
            <td class="number open">{number(openOf(line))}</td>
            {inputOf && <td class="written">{inputOf(line)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
