import { useEffect, useMemo, useState } from 'preact/hooks'
import { loadPlaces } from '../api/places.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { onChanges } from '../live/changes.ts'
import { route } from '../router.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { questionOf } from './question.ts'
import { StockFilters } from './stock-filters.tsx'
import { StockPages } from './stock-pages.ts'
import { StockTable } from './stock-table.tsx'

export function StockPage() {
  const { stock } = words.value
  const { params } = route.value
  const [turn, setTurn] = useState(0)
  const question = params.toString()
  const pages = useMemo(() => new StockPages(questionOf(params)), [question, turn])
  useEffect(() => {
    const unsubscribe = onChanges((changes) => { pages.apply(changes) })
    return () => {
      unsubscribe()
      pages.stop()
    }
  }, [pages])
  useEffect(() => { void loadPlaces() }, [])
  const total = pages.total.value
  return (
    <div class="stock-page">
      <Title text={stock.title}>
        <p class="count" role="status">{total === undefined ? stock.loading : stock.rows(number(total))}</p>
        {pages.isMoved.value && <p class="moved">{stock.moved} <button type="button" onClick={() => { setTurn(turn + 1) }}>{stock.reorder}</button></p>}
      </Title>
      <StockFilters />
      {pages.error.value !== undefined && <Failure error={pages.error.value} onRetry={() => { pages.retry() }} />}
      {total === 0 ? <p class="panel none">{stock.none}</p> : <StockTable pages={pages} />}
    </div>
  )
}
