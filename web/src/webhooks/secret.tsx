import { words } from '../i18n/index.ts'

/** A signing secret: the server tells it once. */
export function Secret({ secret, onSeen }: { readonly secret: string; readonly onSeen: () => void }) {
  const { webhooks: text } = words.value
  return (
    <section class="panel secret" role="status">
      <p><strong>{text.secret}</strong> {text.secretHint}</p>
      <pre tabIndex={0}><code>{secret}</code></pre>
      <button type="button" onClick={onSeen}>{text.secretSeen}</button>
    </section>
  )
}
