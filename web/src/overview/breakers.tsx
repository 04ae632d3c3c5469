import type { Overview } from '../api/overview.ts'
import { StatusBadge } from '../documents/status-badge.tsx'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'

/** A sign for each state: closed is well, half open waits for its probe. */
const SIGNS = { CLOSED: 'DELIVERED', HALF_OPEN: 'PENDING', OPEN: 'FAILED' } as const

/** How the server is: what it can reach, and how many are listening to it. */
export function Breakers({ system }: { readonly system: Overview['system'] | undefined }) {
  const { overview } = words.value
  return (
    <section class="panel breakers" aria-labelledby="breakers">
      <h2 id="breakers">{overview.server}</h2>
      {system && (
        <dl>
          {system.breakers.map(({ name, state, failures }) => (
            <div key={name} data-breaker={name}>
              <dt>{overview.breakers[name] ?? name}</dt>
              <dd><StatusBadge status={SIGNS[state]} name={overview.breakerStates[state]} />{failures > 0 && <small>{overview.failures(number(failures))}</small>}</dd>
            </div>
          ))}
          <div><dt>{overview.subscribers}</dt><dd>{number(system.subscribers)}</dd></div>
          <div><dt>{overview.version}</dt><dd>{system.version}</dd></div>
        </dl>
      )}
    </section>
  )
}
