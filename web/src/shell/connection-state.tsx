import { status } from '../api/status.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { connection } from '../live/connection.ts'

/** Whether changes come in, where the log stands, and how far the read model is behind it. */
export function ConnectionState() {
  const { connection: text } = words.value
  const { head, projected } = status.value ?? {}
  return (
    <div class="connection">
      <p class={`state ${connection.value}`} data-connection={connection.value}><i aria-hidden="true" />{text[connection.value]}</p>
      {head !== undefined && projected !== undefined && (
        <dl>
          <div><dt>{text.position}</dt><dd>{number(head)}</dd></div>
          <div><dt>{text.lag}</dt><dd>{head > projected ? text.lagText(number(head - projected)) : text.upToDate}</dd></div>
        </dl>
      )}
    </div>
  )
}
