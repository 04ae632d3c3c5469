import type { Overview } from '../api/overview.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'

export function ByLocation({ locations = [] }: { readonly locations: Overview['locations']['nodes'] | undefined }) {
  const { overview, kinds, badges } = words.value
  return (
    <section class="panel by-location" aria-labelledby="by-location">
      <h2 id="by-location">{overview.byLocation}</h2>
      <table>
        <thead><tr><th>{words.value.stock.location}</th><th>{overview.kind}</th><th class="number">{overview.levels}</th></tr></thead>
        <tbody>
          {locations.map(({ code, name, kind, status, stockLevels }) => (
            <tr key={code}>
              <td class="product"><a href={href(['stock'], { location: code })}>{name}</a> {status === 'CLOSED' && <span class="badge">{badges.closed}</span>}<small>{code}</small></td>
              <td>{kinds[kind] ?? kind}</td>
              <td class="number">{number(stockLevels.totalCount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
