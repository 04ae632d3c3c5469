import type { Level } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { Quantity } from '../view/quantity.tsx'

export function LowList({ levels, total }: { readonly levels: readonly Level[] | undefined; readonly total: number }) {
  const { overview, quantities, level: text } = words.value
  return (
    <section class="panel low-list" aria-labelledby="low">
      <h2 id="low">{overview.lowTitle}</h2>
      {levels?.length === 0 && <p class="none">{overview.lowEmpty}</p>}
      {levels && levels.length > 0 && (
        <table>
          <thead><tr><th>{words.value.stock.product}</th><th class="number">{quantities.available}</th><th class="number">{text.reorderPoint}</th></tr></thead>
          <tbody>
            {levels.map((level) => (
              <tr key={level.id}>
                <td class="product"><a href={href(['stock', level.location.code, level.product.sku])}>{level.product.name}</a><small>{level.location.name}</small></td>
                <td class="number"><Quantity value={level.quantities.available} /></td>
                <td class="number">{level.reorderPoint === null ? '' : number(level.reorderPoint)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {levels && total > levels.length && <p class="more"><a href={href(['stock'], { show: 'onlyLow', sort: 'AVAILABLE' })}>{overview.lowAll} ({number(total)})</a></p>}
    </section>
  )
}
