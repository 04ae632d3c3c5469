import { useEffect, useRef, useState } from 'preact/hooks'
import type { StockOrder } from '../api/stock.ts'
import { words } from '../i18n/index.ts'
import { route, setParams } from '../router.ts'
import { questionOf } from './question.ts'
import type { StockPages } from './stock-pages.ts'
import { COLUMNS, StockRow } from './stock-row.tsx'

const ROW_PX = 48
/** Rows beyond the edges, so that scrolling meets no gap. */
const ROWS_BEYOND = 8

/** Draws only the rows that are in sight; two rows of the right height stand for those above and below. */
export function StockTable({ pages }: { readonly pages: StockPages }) {
  const box = useRef<HTMLDivElement>(null)
  const { first, last } = useVisible(box, pages)
  const total = pages.total.value ?? 0
  const to = Math.min(total, last)
  const from = Math.min(first, to)
  const indexes = Array.from({ length: to - from }, (_, offset) => from + offset)
  useEffect(() => { if (total > 0) pages.show(from, Math.max(from, to - 1)) }, [pages, from, to, total])
  return (
    <div class="panel scroll" ref={box} tabIndex={0} role="region" aria-label={words.value.stock.title} data-revision={pages.revision.value}>
      <table class="stock" aria-rowcount={total + 1}>
        <Head />
        <tbody>
          <tr class="gap" aria-hidden="true"><td height={from * ROW_PX} /></tr>
          {indexes.map((index) => {
            const level = pages.row(index)
            return <StockRow key={level?.id ?? index} index={index} level={level} />
          })}
          <tr class="gap" aria-hidden="true"><td height={(total - to) * ROW_PX} /></tr>
        </tbody>
      </table>
    </div>
  )
}

function Head() {
  const { orderBy, direction } = questionOf(route.value.params)
  const sort = (order: StockOrder): void => {
    setParams({ sort: order === 'SKU' ? '' : order, direction: order === orderBy && direction === 'ASC' ? 'DESC' : '' })
  }
  return (
    <thead>
      <tr aria-rowindex={1}>
        {COLUMNS.map(({ name, order, kind }) => (
          <th key={name} scope="col" class={`${name} ${kind}`} aria-sort={order === undefined ? undefined : order === orderBy ? (direction === 'ASC' ? 'ascending' : 'descending') : 'none'}>
            {order === undefined ? titleOf(name) : <button type="button" onClick={() => { sort(order) }}>{titleOf(name)}</button>}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function titleOf(name: (typeof COLUMNS)[number]['name']): string {
  const { stock, quantities } = words.value
  return name === 'product' || name === 'location' || name === 'updated' ? stock[name] : quantities[name]
}

function useVisible(box: { readonly current: HTMLDivElement | null }, pages: StockPages): { first: number; last: number } {
  const [visible, setVisible] = useState({ first: 0, last: 40 })
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    element.scrollTop = 0
    const look = (): void => {
      const first = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - ROWS_BEYOND)
      const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW_PX) + ROWS_BEYOND
      setVisible((before) => (before.first === first && before.last === last ? before : { first, last }))
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [pages])
  return visible
}
