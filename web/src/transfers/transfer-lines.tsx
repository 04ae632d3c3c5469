import type { ComponentChildren } from 'preact'
import type { Transfer, TransferLine } from '../api/transfers.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'

/** What of a line is still on its way. */
export const inTransitOf = ({ quantity, received, missing }: TransferLine): number => quantity - received - missing

interface TransferLinesProps { readonly transfer: Transfer; readonly inputOf?: ((line: TransferLine) => ComponentChildren) | false }

/** What was sent, line by line; with a last column where there is something to write. */
export function TransferLines({ transfer, inputOf }: TransferLinesProps) {
  const { documents, transfers: text, quantities } = words.value
  const isCancelled = transfer.status === 'CANCELLED'
  return (
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">{documents.sku}</th><th scope="col" class="number settled">{text.sent}</th><th scope="col" class="number settled">{text.received}</th>
          <th scope="col" class="number settled">{text.missing}</th><th scope="col" class="number">{quantities.incoming}</th>
          {inputOf && <th scope="col" class="written">{text.arrived}</th>}
        </tr>
      </thead>
      <tbody>
        {transfer.lines.map((line) => (
          <tr key={line.sku}>
            <td class="product"><a href={href(['stock', transfer.to.code, line.sku])}>{line.sku}</a></td>
            <td class="number settled">{number(line.quantity)}</td>
            <td class="number settled">{number(line.received)}</td>
            <td class="number settled">{number(line.missing)}</td>
            <td class="number open">{number(isCancelled ? 0 : inTransitOf(line))}</td>
            {inputOf && <td class="written">{inputOf(line)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
