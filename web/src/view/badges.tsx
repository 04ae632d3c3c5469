import type { Level } from '../api/types.ts'
import { words } from '../i18n/index.ts'

/** What stands out about a stock level, as a sign and a word: never by colour alone. */
export function Badges({ level }: { readonly level: Level }) {
  const { badges } = words.value
  return (
    <>
      {level.quantities.available <= 0
        ? <span class="badge out"><Sign name="out" />{badges.out}</span>
        : level.isLow && <span class="badge low"><Sign name="low" />{badges.low}</span>}
      {level.location.status === 'CLOSED' && <span class="badge">{badges.closed}</span>}
      {level.product.status === 'DISCONTINUED' && <span class="badge">{badges.discontinued}</span>}
      {level.stale && <span class="badge stale">{badges.stale}</span>}
    </>
  )
}

const SIGNS = {
  low: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10',
  out: 'M4 4l8 8M12 4l-8 8',
}

function Sign({ name }: { readonly name: keyof typeof SIGNS }) {
  return <svg viewBox="0 0 16 16" aria-hidden="true"><path d={SIGNS[name]} /></svg>
}
