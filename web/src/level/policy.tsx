import type { Level } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'

export function Policy({ level }: { readonly level: Level }) {
  const { level: text, quantities } = words.value
  const orNone = (value: number | null): string => (value === null ? text.none : number(value))
  const rows = [
    [text.reorderPoint, orNone(level.reorderPoint)],
    [text.reorderQuantity, orNone(level.reorderQuantity)],
    [quantities.safetyStock, number(level.quantities.safetyStock)],
    [text.backorderLimit, number(level.backorderLimit)],
    [text.allowNegative, level.allowNegative ? text.yes : text.no],
  ] as const
  return (
    <section class="panel policy" aria-labelledby="policy">
      <h2 id="policy">{text.policy}</h2>
      <dl>{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  )
}
