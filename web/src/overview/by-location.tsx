import type { Overview } from '../api/overview.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { Quantity } from '../view/quantity.tsx'

export function ByLocation({ locations = [] }: { readonly locations: Overview['locations']['nodes'] | undefined }) {
  const { overview, kinds, badges, quantities } = words.value
  return (
    <section class="panel by-location" aria-labelledby="by-location">
      <h2 id="by-location">{overview.byLocation}</h2>
      <table>
        <thead><tr><th>{words.value.stock.location}</th><th class="kind">{overview.kind}</th><th class="number levels">{overview.levels}</th><th class="number">{quantities.onHand}</th><th class="number">{quantities.reserved}</th><th class="number">{quantities.incoming}</th></tr></thead>
        <tbody>
          {locations.map(({ code, name, kind, status, stockLevels, totals }) => (
            <tr key={code}>
              <td class="product"><a href={href(['stock'], { location: code })}>{name}</a> {status === 'CLOSED' && <span class="badge">{badges.closed}</span>}<small>{code}</small></td>
              <td class="kind">{kinds[kind] ?? kind}</td>
              <td class="number levels">{number(stockLevels.totalCount)}</td>
              <td class="number"><Quantity value={totals.onHand} /></td>
              <td class="number"><Quantity value={totals.reserved} /></td>
              <td class="number"><Quantity value={totals.incoming} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
