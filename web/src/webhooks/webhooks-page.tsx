import { useState } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { type Webhook, WEBHOOKS } from '../api/webhooks.ts'
import { ExpandableRow } from '../documents/expandable-row.tsx'
import { StatusBadge } from '../documents/status-badge.tsx'
import { useFollowed } from '../documents/use-list.ts'
import { words } from '../i18n/index.ts'
import { EVENT_TYPES } from '../stock/effect.ts'
import { useAsked } from '../view/asked.ts'
import { Failure } from '../view/failure.tsx'
import { Moment } from '../view/moment.tsx'
import { Title } from '../view/title.tsx'
import { Deliveries } from './deliveries.tsx'
import { RegisterForm } from './register-form.tsx'
import { Secret } from './secret.tsx'
import { WebhookActions } from './webhook-actions.tsx'

const WEBHOOK_EVENTS = EVENT_TYPES.filter((type) => type.startsWith('Webhook'))

/** Who is told of events, what became of each delivery, and the way to register one more. */
export function WebhooksPage() {
  const { webhooks: text } = words.value
  const { data, error, again } = useAsked('webhooks', () => ask(WEBHOOKS, {}))
  useFollowed('webhooks', data?.system.readCursor, { types: WEBHOOK_EVENTS }, again)
  const [secret, setSecret] = useState<string>()
  return (
    <>
      <Title text={text.title} />
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {secret !== undefined && <Secret secret={secret} onSeen={() => { setSecret(undefined) }} />}
      <div class="with-side">
        {data?.webhooks.length === 0 && <p class="panel none">{text.none}</p>}
        {data && data.webhooks.length > 0 && <Table webhooks={data.webhooks} onAnswered={again} onSecret={setSecret} />}
        <RegisterForm onSecret={setSecret} onAnswered={again} />
      </div>
    </>
  )
}

interface TableProps { readonly webhooks: readonly Webhook[]; readonly onAnswered: () => void; readonly onSecret: (secret: string) => void }

function Table({ webhooks, onAnswered, onSecret }: TableProps) {
  const { documents, events, webhooks: text } = words.value
  return (
    <div class="panel scroll documents" tabIndex={0} role="region" aria-label={text.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.url}</th><th scope="col">{documents.status}</th><th scope="col" class="contents">{text.types}</th>
            <th scope="col" class="when">{text.created}</th><th scope="col"><span class="unseen">{text.deliveries}</span></th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => (
            <ExpandableRow
              key={webhook.id} id={webhook.id} name={webhook.url} columns={5} isOpenAtFirst={false} cells={(
                <>
                  <td class="product">{webhook.url}</td>
                  <td><StatusBadge status={webhook.isEnabled ? 'DELIVERED' : 'DISABLED'} name={webhook.isEnabled ? text.enabled : text.disabled} /></td>
                  <td class="contents">{webhook.eventTypes.map((type) => (type === '*' ? text.allTypes : events[type] ?? type)).join(', ')}</td>
                  <td class="when"><Moment at={webhook.createdAt} /></td>
                </>
              )}
            >
              <WebhookActions key={webhook.version} webhook={webhook} onAnswered={onAnswered} onSecret={onSecret} />
              <Deliveries webhookId={webhook.id} />
            </ExpandableRow>
          ))}
        </tbody>
      </table>
    </div>
  )
}
