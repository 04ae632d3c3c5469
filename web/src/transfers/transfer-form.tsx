import { CANCEL_TRANSFER, RECEIVE_TRANSFER, type Transfer } from '../api/transfers.ts'
import { may } from '../api/session.ts'
import { wholeNumber } from '../command/numbers.ts'
import { QuantityInput } from '../documents/quantity-input.tsx'
import { pathOf, useLines } from '../documents/use-lines.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { inTransitOf, TransferLines } from './transfer-lines.tsx'

interface TransferFormProps { readonly transfer: Transfer; readonly onAnswered: () => void }

/** Receives a transfer that is on its way, all at once or line by line, or cancels it. */
export function TransferForm({ transfer, onAnswered }: TransferFormProps) {
  const { commands, documents, transfers: text } = words.value
  const open = transfer.lines.filter((line) => inTransitOf(line) > 0)
  const { form, values, setValue, refusals, refuse, phase, send, sendLines } = useLines(() => open.map((line) => String(inTransitOf(line))))
  const target = { id: transfer.id, expectedVersion: transfer.version }
  const answered = async (answer: Promise<unknown>): Promise<void> => { if (await answer) onAnswered() }

  const receive = async (): Promise<void> => {
    const wrong = values.flatMap((value, index) => (value.trim() !== '' && wholeNumber(value, 0) === undefined ? [[pathOf(index), commands.required]] : []))
    if (wrong.length > 0) refuse(Object.fromEntries(wrong) as Record<string, string>)
    else if (values.every((value) => value.trim() === '')) refuse({ '': documents.nothingChosen })
    else await answered(sendLines(RECEIVE_TRANSFER, target, open.map(({ sku }, index) => lineOf(sku, values[index] ?? ''))))
  }

  const isSending = phase === 'sending'
  const mayReceive = may('receiveTransfer', transfer.to.code)
  return (
    <form ref={form} class="lines-form" noValidate onSubmit={(event) => { event.preventDefault() }}>
      {mayReceive && <p class="hint">{text.linesHint}</p>}
      <TransferLines
        transfer={transfer} inputOf={mayReceive && ((line) => {
          const index = open.indexOf(line)
          const short = inTransitOf(line) - (wholeNumber(values[index] ?? '', 0) ?? inTransitOf(line))
          return index >= 0 && (
            <QuantityInput
              name={pathOf(index)} label={`${text.arrived}: ${line.sku}`} value={values[index] ?? ''} refusal={refusals[pathOf(index)]}
              hint={short > 0 ? text.willMiss(number(short)) : undefined} onChange={(value) => { setValue(index, value) }}
            />
          )
        })}
      />
      <div class="actions">
        {mayReceive && <button type="button" class="button" disabled={isSending} onClick={() => { void receive() }}>{text.receive}</button>}
        {may('cancelTransfer', transfer.from.code) && <button type="button" disabled={isSending} onClick={() => { void answered(send(CANCEL_TRANSFER, target)) }}>{text.cancel}</button>}
      </div>
      {refusals[''] !== undefined && <p class="refusal" role="alert">{refusals['']}</p>}
    </form>
  )
}

const lineOf = (sku: string, text: string): { sku: string; quantity: number } | undefined => {
  const quantity = wholeNumber(text, 0)
  return quantity === undefined ? undefined : { sku, quantity }
}
