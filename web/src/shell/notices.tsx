import { moment, number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { connection, lostAt, resumption } from '../live/connection.ts'

/** Says when the connection breaks and how it went on. */
export function Notices() {
  return <div role="status" class="notices">{text()}</div>
}

function text() {
  const { connection: say } = words.value
  if (connection.value === 'lost' && lostAt.value !== undefined) return <p class="notice lost">{say.lostSince(moment(lostAt.value, 'time'))}</p>
  if (!resumption.value) return null
  const { lostAt: since, caughtUp } = resumption.value
  return <p class="notice back">{say.back(moment(since, 'time'), caughtUp, number(caughtUp))}</p>
}
