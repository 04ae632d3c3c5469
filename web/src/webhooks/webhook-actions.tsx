import { useState } from 'preact/hooks'
import { REMOVE_WEBHOOK, UPDATE_WEBHOOK, type Webhook } from '../api/webhooks.ts'
import { useSending } from '../command/sending.ts'
import { words } from '../i18n/index.ts'

interface WebhookActionsProps { readonly webhook: Webhook; readonly onAnswered: () => void; readonly onSecret: (secret: string) => void }

/** Disables, enables, gives a new secret, removes. What can not be undone is asked twice. */
export function WebhookActions({ webhook: { id, isEnabled, version }, onAnswered, onSecret }: WebhookActionsProps) {
  const { webhooks: text } = words.value
  const { refusals, phase, send } = useSending(() => '')
  const [isSure, setSure] = useState(false)
  const isSending = phase === 'sending'

  const update = async (changes: object): Promise<void> => {
    const answer = await send(UPDATE_WEBHOOK, { id, expectedVersion: version, ...changes })
    if (answer?.secret) onSecret(answer.secret)
    if (answer) onAnswered()
  }
  const remove = async (): Promise<void> => { if (await send(REMOVE_WEBHOOK, { id })) onAnswered() }

  return (
    <>
      <div class="actions">
        <button type="button" disabled={isSending} onClick={() => { void update({ isEnabled: !isEnabled }) }}>{isEnabled ? text.disable : text.enable}</button>
        <button type="button" disabled={isSending} onClick={() => { void update({ rotateSecret: true }) }}>{text.rotate}</button>
        {isSure
          ? <button type="button" class="danger" disabled={isSending} onClick={() => { void remove() }}>{text.removeSurely}</button>
          : <button type="button" onClick={() => { setSure(true) }}>{text.remove}</button>}
      </div>
      {refusals[''] !== undefined && <p class="refusal" role="alert">{refusals['']}</p>}
    </>
  )
}
