import { useState } from 'preact/hooks'
import { REGISTER_WEBHOOK } from '../api/webhooks.ts'
import { useSending } from '../command/sending.ts'
import { words } from '../i18n/index.ts'
import { EVENT_TYPES } from '../stock/effect.ts'

/** What happens to webhooks themselves is never delivered. */
const DELIVERED_TYPES = EVENT_TYPES.filter((type) => !type.startsWith('Webhook'))

interface RegisterFormProps { readonly onSecret: (secret: string) => void; readonly onAnswered: () => void }

/** Registers an endpoint for all events, or for those that are chosen. */
export function RegisterForm({ onSecret, onAnswered }: RegisterFormProps) {
  const { commands, events, webhooks: text } = words.value
  const [url, setUrl] = useState('')
  const [types, setTypes] = useState<readonly string[]>([])
  const { refusals, phase, send } = useSending((path) => ['url', 'eventTypes'].find((field) => path.split('.')[0] === field) ?? '')

  const submit = async (): Promise<void> => {
    const answer = await send(REGISTER_WEBHOOK, { url: url.trim(), eventTypes: types.length === 0 ? ['*'] : types })
    if (!answer?.webhook) return
    setUrl('')
    setTypes([])
    if (answer.secret) onSecret(answer.secret)
    onAnswered()
  }

  return (
    <form
      class="panel command" noValidate aria-labelledby="register-webhook" onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2 id="register-webhook">{text.register}</h2>
      <div class="field">
        <label for="webhook-url">{text.url}</label>
        <input
          id="webhook-url" type="url" autoComplete="off" placeholder="https://" value={url} aria-invalid={refusals.url !== undefined}
          aria-describedby={refusals.url === undefined ? undefined : 'webhook-url-refusal'} onInput={({ currentTarget }) => { setUrl(currentTarget.value) }}
        />
        {refusals.url !== undefined && <p class="refusal" id="webhook-url-refusal" role="alert">{refusals.url}</p>}
      </div>
      <div class="field">
        <label for="webhook-types">{text.types}</label>
        <select
          id="webhook-types" multiple size={6} aria-describedby="webhook-types-told" aria-invalid={refusals.eventTypes !== undefined}
          onChange={({ currentTarget }) => { setTypes([...currentTarget.selectedOptions].map(({ value }) => value)) }}
        >
          {DELIVERED_TYPES.map((type) => <option key={type} value={type} selected={types.includes(type)}>{events[type] ?? type}</option>)}
        </select>
        <p id="webhook-types-told" class={refusals.eventTypes === undefined ? 'hint' : 'refusal'}>{refusals.eventTypes ?? text.typesHint}</p>
      </div>
      <button type="submit" class="button" disabled={phase === 'sending'}>{phase === 'sending' ? commands.sending : text.register}</button>
      {refusals[''] !== undefined && <p class="refusal" role="alert">{refusals['']}</p>}
    </form>
  )
}
