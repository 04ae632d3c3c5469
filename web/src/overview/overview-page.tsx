import { useEffect } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { OVERVIEW, type Overview, type PlaceTotals } from '../api/overview.ts'
import { number, rateText } from '../format.ts'
import { words } from '../i18n/index.ts'
import { onChanges } from '../live/changes.ts'
import { rate } from '../live/rates.ts'
import { href } from '../router.ts'
import { useAsked } from '../view/asked.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { Breakers } from './breakers.tsx'
import { ByLocation } from './by-location.tsx'
import { Feed } from './feed.tsx'
import { LowList } from './low-list.tsx'
import { StockChart, RateChart } from './pulse.tsx'

const REFRESH_MS = 3_000

export function OverviewPage() {
  const { data, error, again } = useAsked('overview', () => ask(OVERVIEW, {}))
  useRefresh(again)
  const { overview } = words.value
  return (
    <>
      <Title text={overview.title} />
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {data?.all.totalCount === 0 && data.locations.totalCount === 0 ? <Empty /> : <Dashboard data={data} />}
    </>
  )
}

function Dashboard({ data }: { readonly data: Overview | undefined }) {
  const { overview, quantities } = words.value
  const totals = data && totalsOf(data.locations.nodes)
  return (
    <div class="overview">
      <ul class="figures">
        <Figure name={overview.levels} value={data && number(data.all.totalCount)} to={href(['stock'])} />
        <Figure name={overview.low} value={data && number(data.low.totalCount)} to={href(['stock'], { show: 'onlyLow' })} mark={data?.low.totalCount ? 'low' : ''} />
        <Figure name={overview.out} value={data && number(data.out.totalCount)} to={href(['stock'], { show: 'nothingAvailable' })} mark={data?.out.totalCount ? 'out' : ''} />
        <Figure name={quantities.onHand} value={totals && number(totals.onHand)} />
        <Figure name={quantities.reserved} value={totals && number(totals.reserved)} to={href(['reservations'])} />
        <Figure name={quantities.incoming} value={totals && number(totals.incoming)} to={href(['transfers'])} />
        <Figure name={overview.products} value={data && number(data.products.totalCount)} />
        <Figure name={overview.rate} value={rateText(rate.value)} />
      </ul>
      <section class="panel charts"><RateChart /><StockChart /></section>
      <Feed />
      <LowList levels={data?.low.nodes} total={data?.low.totalCount ?? 0} />
      <ByLocation locations={data?.locations.nodes} />
      <Breakers system={data?.system} />
    </div>
  )
}

/** Over all locations: a network has no more of them than fit on one page of the server's. */
function totalsOf(locations: readonly PlaceTotals[]): PlaceTotals['totals'] {
  const sum = (name: keyof PlaceTotals['totals']): number => locations.reduce((total, { totals }) => total + totals[name], 0)
  return { onHand: sum('onHand'), reserved: sum('reserved'), incoming: sum('incoming') }
}

function Figure({ name, value, to, mark = '' }: { readonly name: string; readonly value: string | undefined; readonly to?: string; readonly mark?: 'low' | 'out' | '' }) {
  const content = <><span class="figure-name">{name}</span><strong class={`figure-value ${mark}`}>{value ?? '–'}</strong></>
  return <li class="figure">{to ? <a href={to}>{content}</a> : <div>{content}</div>}</li>
}

function Empty() {
  const { overview } = words.value
  return (
    <section class="panel empty">
      <h2>{overview.emptyTitle}</h2>
      <p>{overview.emptyText}</p>
      <pre><code>npm run stockstream -- import FILE.csv --create-missing</code></pre>
      <p><a class="button" href="/graphiql">{overview.emptyExplorer}</a></p>
    </section>
  )
}

/** Counts are asked for again after changes, and no more often than they can be read. */
function useRefresh(again: () => void): void {
  useEffect(() => {
    let timer: number | undefined
    const stop = onChanges(() => {
      timer ??= window.setTimeout(() => {
        timer = undefined
        again()
      }, REFRESH_MS)
    })
    return () => {
      stop()
      window.clearTimeout(timer)
    }
  }, [again])
}
