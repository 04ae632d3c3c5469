import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { DELIVERIES, type Delivery, DELIVERY_STATUSES, type DeliveryStatus, REDELIVER } from '../api/webhooks.ts'
import { useSending } from '../command/sending.ts'
import { Pager } from '../documents/pager.tsx'
import { StatusBadge } from '../documents/status-badge.tsx'
import { PAGE_ROWS, useList } from '../documents/use-list.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { Failure } from '../view/failure.tsx'
import { Moment } from '../view/moment.tsx'

/** An attempt is no event of the log: while the list is open it is looked at again. */
const REFRESH_MS = 3_000

/** What became of each event that an endpoint was to be told of. */
export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { documents, webhooks: text } = words.value
  const [status, setStatus] = useState<DeliveryStatus | ''>('')
  const statuses = status === '' ? null : [status]
  const list = useList<Delivery>(JSON.stringify([webhookId, status]), [], (after) => ask(DELIVERIES, { webhookId, statuses, first: PAGE_ROWS, after }))
  useEffect(() => {
    const timer = window.setInterval(() => { if (!document.hidden) list.again() }, REFRESH_MS)
    return () => { window.clearInterval(timer) }
  }, [list.again])
  return (
    <section class="deliveries" aria-label={text.deliveries}>
      <label class="beside-heading">
        <strong>{text.deliveries}</strong>
        <select aria-label={documents.status} value={status} onChange={({ currentTarget }) => { setStatus(DELIVERY_STATUSES.find((known) => known === currentTarget.value) ?? '') }}>
          <option value="">{documents.any}</option>
          {DELIVERY_STATUSES.map((known) => <option key={known} value={known}>{text.statuses[known]}</option>)}
        </select>
      </label>
      {list.error !== undefined && <Failure error={list.error} onRetry={list.again} />}
      {list.page?.totalCount === 0 && <p class="none">{text.noDeliveries}</p>}
      {list.page && list.page.totalCount > 0 && (
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">{text.event}</th><th scope="col">{documents.status}</th><th scope="col" class="number settled">{text.attempts}</th>
              <th scope="col" class="settled">{text.answer}</th><th scope="col"><span class="unseen">{text.redeliver}</span></th>
            </tr>
          </thead>
          <tbody>{list.page.nodes.map((delivery) => <Row key={delivery.id} delivery={delivery} onAnswered={list.again} />)}</tbody>
        </table>
      )}
      <Pager list={list} />
    </section>
  )
}

function Row({ delivery, onAnswered }: { readonly delivery: Delivery; readonly onAnswered: () => void }) {
  const { events, webhooks: text } = words.value
  const { refusals, phase, send } = useSending(() => '')
  const { id, event, status, attempts, lastStatusCode, lastError, nextAttemptAt } = delivery
  const answer = [lastStatusCode, lastError].filter((part) => part !== null).join(' · ')
  return (
    <tr data-delivery={event.type}>
      <td class="product">{events[event.type] ?? event.type}<small><Moment at={event.recordedAt} /> · {event.sku ?? event.stream}</small></td>
      <td><StatusBadge status={status} name={text.statuses[status]} /></td>
      <td class="number settled">{number(attempts)}</td>
      <td class="settled answer">{answer}{nextAttemptAt !== null && <small>{text.next} <Moment at={nextAttemptAt} style="time" /></small>}</td>
      <td class="more">
        <button type="button" disabled={phase === 'sending'} onClick={() => { void send(REDELIVER, { deliveryId: id }).then(onAnswered) }}>{text.redeliver}</button>
        {refusals[''] !== undefined && <p class="refusal" role="alert">{refusals['']}</p>}
      </td>
    </tr>
  )
}
