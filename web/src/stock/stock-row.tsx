import type { StockOrder } from '../api/stock.ts'
import type { Level } from '../api/types.ts'
import { href } from '../router.ts'
import { Badges } from '../view/badges.tsx'
import { Moment } from '../view/moment.tsx'
import { Quantity } from '../view/quantity.tsx'

interface Column { readonly name: 'product' | 'location' | 'updated' | 'onHand' | 'reserved' | 'unavailable' | 'available' | 'incoming'; readonly order?: StockOrder; readonly kind: string }

export const COLUMNS: readonly Column[] = [
  { name: 'product', order: 'SKU', kind: '' },
  { name: 'location', order: 'LOCATION', kind: '' },
  { name: 'onHand', order: 'ON_HAND', kind: 'number' },
  { name: 'reserved', kind: 'number' },
  { name: 'unavailable', kind: 'number' },
  { name: 'available', order: 'AVAILABLE', kind: 'number' },
  { name: 'incoming', kind: 'number' },
  { name: 'updated', order: 'UPDATED_AT', kind: '' },
]

/** One stock level; a blank of the same height until it is there. */
export function StockRow({ index, level }: { readonly index: number; readonly level: Level | undefined }) {
  if (!level) return <tr class="blank" aria-rowindex={index + 2}>{COLUMNS.map(({ name }) => <td key={name} class={name}><i /></td>)}</tr>
  const { product, location, quantities } = level
  return (
    <tr class={level.isLow ? 'low' : ''} aria-rowindex={index + 2} data-level={level.id}>
      <td class="product">
        <span class="line"><a href={href(['stock', location.code, product.sku])} title={product.name}>{product.name}</a><Badges level={level} /></span>
        <small>{product.sku}<span class="narrow"> · {location.name}</span></small>
      </td>
      <td class="location">{location.name}</td>
      <td class="number onHand"><Quantity value={quantities.onHand} /></td>
      <td class="number reserved"><Quantity value={quantities.reserved} /></td>
      <td class="number unavailable"><Quantity value={quantities.unavailable} /></td>
      <td class="number available"><Quantity value={quantities.available} /></td>
      <td class="number incoming"><Quantity value={quantities.incoming} /></td>
      <td class="updated"><Moment at={level.updatedAt} timeZone={location.timeZone} /></td>
    </tr>
  )
}
