import { useState } from 'preact/hooks'
import { EXTEND_RESERVATION, FULFILL_RESERVATION, RELEASE_RESERVATION, type Reservation } from '../api/reservations.ts'
import { may } from '../api/session.ts'
import { wholeNumber } from '../command/numbers.ts'
import { QuantityInput } from '../documents/quantity-input.tsx'
import { pathOf, useLines } from '../documents/use-lines.ts'
import { words } from '../i18n/index.ts'
import { openOf, ReservationLines } from './reservation-lines.tsx'

const MINUTES = '30'
const SECONDS_A_MINUTE = 60

interface ReservationFormProps { readonly reservation: Reservation; readonly onAnswered: () => void }

/** Hands out, releases or extends an open reservation. */
export function ReservationForm({ reservation, onAnswered }: ReservationFormProps) {
  const { commands, documents, reservations: text } = words.value
  const open = reservation.lines.filter((line) => openOf(line) > 0)
  const offers = (name: string): boolean => reservation.lines.every(({ location }) => may(name, location))
  const { form, values, setValue, refusals, refuse, phase, send, sendLines } = useLines(() => open.map((line) => String(openOf(line))), ['expiresInSeconds'])
  const [minutes, setMinutes] = useState(MINUTES)
  const target = { id: reservation.id, expectedVersion: reservation.version }
  const answered = async (answer: Promise<unknown>): Promise<void> => { if (await answer) onAnswered() }

  const settle = async (document: typeof FULFILL_RESERVATION): Promise<void> => {
    const quantities = values.map((value) => wholeNumber(value, 0))
    const wrong = quantities.flatMap((quantity, index) => (quantity === undefined ? [[pathOf(index), commands.required]] : []))
    if (wrong.length > 0) refuse(Object.fromEntries(wrong) as Record<string, string>)
    else if (quantities.every((quantity) => quantity === 0)) refuse({ '': documents.nothingChosen })
    else await answered(sendLines(document, target, open.map(({ sku, location }, index) => (quantities[index] ? { sku, location, quantity: quantities[index] } : undefined))))
  }
  const extend = async (): Promise<void> => {
    const given = wholeNumber(minutes, 1)
    if (given === undefined) refuse({ expiresInSeconds: commands.requiredPositive })
    else await answered(send(EXTEND_RESERVATION, { ...target, expiresInSeconds: given * SECONDS_A_MINUTE }))
  }

  const isSending = phase === 'sending'
  return (
    <form ref={form} class="lines-form" noValidate onSubmit={(event) => { event.preventDefault() }}>
      <p class="hint">{text.linesHint}</p>
      <ReservationLines
        reservation={reservation} inputOf={(line) => {
          const index = open.indexOf(line)
          return index >= 0 && (
            <QuantityInput
              name={pathOf(index)} label={`${documents.quantity}: ${line.sku}, ${line.location}`} value={values[index] ?? ''} refusal={refusals[pathOf(index)]}
              onChange={(value) => { setValue(index, value) }}
            />
          )
        }}
      />
      <div class="actions">
        {offers('fulfillReservation') && <button type="button" class="button" disabled={isSending} onClick={() => { void settle(FULFILL_RESERVATION) }}>{text.fulfill}</button>}
        {offers('releaseReservation') && <button type="button" disabled={isSending} onClick={() => { void settle(RELEASE_RESERVATION) }}>{text.release}</button>}
        {offers('extendReservation') && <div class="beside">
          <label for="expires-in">{text.minutes}</label>
          <QuantityInput id="expires-in" name="expiresInSeconds" value={minutes} refusal={refusals.expiresInSeconds} onChange={setMinutes} />
          <button type="button" disabled={isSending} onClick={() => { void extend() }}>{text.extend}</button>
        </div>}
      </div>
      {refusals[''] !== undefined && <p class="refusal" role="alert">{refusals['']}</p>}
    </form>
  )
}
