import { ask } from '../api/client.ts'
import { OF_LEVEL } from '../api/of-level.ts'
import type { Level } from '../api/types.ts'
import { contentsOf } from '../documents/contents.ts'
import { useFollowed } from '../documents/use-list.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { RESERVATION_EVENTS } from '../reservations/events.ts'
import { openOf } from '../reservations/reservation-lines.tsx'
import { href } from '../router.ts'
import { TRANSFER_EVENTS } from '../transfers/events.ts'
import { inTransitOf } from '../transfers/transfer-lines.tsx'
import { useAsked } from '../view/asked.ts'
import { Failure } from '../view/failure.tsx'
import { Moment } from '../view/moment.tsx'

/** What is promised of a stock level and what is on its way to it or from it: kept up to date. */
export function OfLevel({ level: { product: { sku }, location: { code, timeZone } } }: { readonly level: Level }) {
  const { reservations, transfers } = words.value
  const key = `${code} ${sku}`
  const { data, error, again } = useAsked(key, () => ask(OF_LEVEL, { skus: [sku], locations: [code] }))
  useFollowed(key, data?.system.readCursor, { types: [...RESERVATION_EVENTS, ...TRANSFER_EVENTS] }, again)
  if (error !== undefined) return <Failure error={error} onRetry={again} />
  if (!data) return null
  return (
    <>
      <section class="panel of-level" aria-labelledby="of-level-reservations">
        <h2 id="of-level-reservations">{reservations.ofLevel}</h2>
        {data.reservations.nodes.length === 0 && <p class="none">{reservations.noneOfLevel}</p>}
        <ul>
          {data.reservations.nodes.map(({ id, reference, placedAt, lines }) => (
            <li key={id}>
              <a href={href(['reservations', id])}>{reference ?? id.replace(/^reservation:/, '')}</a>
              <b>{number(sum(lines.filter((line) => line.sku === sku && line.location === code).map(openOf)))}</b>
              <Moment at={placedAt} timeZone={timeZone} />
            </li>
          ))}
        </ul>
        <More shown={data.reservations.nodes.length} all={data.reservations.totalCount} to={href(['reservations'], { sku, location: code })} />
      </section>
      <section class="panel of-level" aria-labelledby="of-level-transfers">
        <h2 id="of-level-transfers">{transfers.ofLevel}</h2>
        {data.transfers.nodes.length === 0 && <p class="none">{transfers.noneOfLevel}</p>}
        <ul>
          {data.transfers.nodes.map(({ id, reference, from, to, dispatchedAt, lines }) => (
            <li key={id}>
              <a href={href(['transfers', id])} title={contentsOf(lines, inTransitOf)}>{reference ?? id.replace(/^transfer:/, '')}</a>
              <b>{number(sum(lines.filter((line) => line.sku === sku).map(inTransitOf)))}</b>
              <span>{to.code === code ? `← ${from.name}` : `→ ${to.name}`} · <Moment at={dispatchedAt} timeZone={timeZone} /></span>
            </li>
          ))}
        </ul>
        <More shown={data.transfers.nodes.length} all={data.transfers.totalCount} to={href(['transfers'], { sku, location: code })} />
      </section>
    </>
  )
}

function More({ shown, all, to }: { readonly shown: number; readonly all: number; readonly to: string }) {
  return shown < all ? <p class="more"><a href={to}>{words.value.documents.shown('1', number(shown), number(all))}</a></p> : null
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
