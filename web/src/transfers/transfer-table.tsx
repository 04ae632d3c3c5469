import type { Transfer } from '../api/transfers.ts'
import { may } from '../api/session.ts'
import { contentsOf } from '../documents/contents.ts'
import { ExpandableRow } from '../documents/expandable-row.tsx'
import { StatusBadge } from '../documents/status-badge.tsx'
import { words } from '../i18n/index.ts'
import { Moment } from '../view/moment.tsx'
import { TransferForm } from './transfer-form.tsx'
import { inTransitOf, TransferLines } from './transfer-lines.tsx'

interface TransferTableProps { readonly transfers: readonly Transfer[]; readonly onAnswered: () => void; readonly areOpen?: boolean }

export function TransferTable({ transfers, onAnswered, areOpen = false }: TransferTableProps) {
  const { documents, transfers: text } = words.value
  return (
    <div class="panel scroll documents" tabIndex={0} role="region" aria-label={text.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{documents.reference}</th><th scope="col">{documents.status}</th><th scope="col">{text.route}</th><th scope="col" class="contents">{documents.contents}</th>
            <th scope="col" class="when">{text.dispatched}</th><th scope="col" class="when">{text.completed}</th><th scope="col"><span class="unseen">{documents.lines}</span></th>
          </tr>
        </thead>
        <tbody>{transfers.map((transfer) => <Row key={transfer.id} transfer={transfer} onAnswered={onAnswered} isOpenAtFirst={areOpen} />)}</tbody>
      </table>
    </div>
  )
}

interface RowProps { readonly transfer: Transfer; readonly onAnswered: () => void; readonly isOpenAtFirst: boolean }

function Row({ transfer, onAnswered, isOpenAtFirst }: RowProps) {
  const { documents, transfers: text } = words.value
  const { id, status, reference, from, to, dispatchedAt, completedAt, lines } = transfer
  return (
    <ExpandableRow
      id={id} name={reference ?? id} columns={7} isOpenAtFirst={isOpenAtFirst} cells={(
        <>
          <td class="product">{reference ?? <span class="none">{documents.noReference}</span>}<small>{id.replace(/^transfer:/, '')}</small></td>
          <td><StatusBadge status={status} name={text.statuses[status]} /></td>
          <td>{from.name} → {to.name}</td>
          <td class="contents">{contentsOf(lines, (line) => (status === 'CANCELLED' ? 0 : inTransitOf(line)))}</td>
          <td class="when"><Moment at={dispatchedAt} timeZone={from.timeZone} /></td>
          <td class="when">{completedAt !== null && <Moment at={completedAt} timeZone={to.timeZone} />}</td>
        </>
      )}
    >
      {status === 'IN_TRANSIT' && may('receiveTransfer')
        ? <TransferForm key={transfer.version} transfer={transfer} onAnswered={onAnswered} />
        : <TransferLines transfer={transfer} />}
    </ExpandableRow>
  )
}
