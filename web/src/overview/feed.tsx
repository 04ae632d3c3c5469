import type { Change } from '../api/types.ts'
import { signed } from '../format.ts'
import { words } from '../i18n/index.ts'
import { feed } from '../live/changes.ts'
import { href } from '../router.ts'
import { Moment } from '../view/moment.tsx'

/** What is happening, the newest on top. Not announced word by word: that would never end. */
export function Feed() {
  const { overview } = words.value
  return (
    <section class="panel feed" aria-labelledby="feed">
      <h2 id="feed">{overview.feed}</h2>
      {feed.value.length === 0 && <p class="none">{overview.feedEmpty}</p>}
      <ol tabIndex={0} aria-labelledby="feed">{feed.value.map((change) => <Item key={change.cursor} change={change} />)}</ol>
    </section>
  )
}

function Item({ change: { event, stockLevel: { product, location }, onHandDelta, availableDelta } }: { readonly change: Change }) {
  const { events, reasons } = words.value
  const delta = onHandDelta === 0 ? availableDelta : onHandDelta
  const why = [event.reason && (reasons[event.reason] ?? event.reason), event.reference].filter(Boolean).join(' · ')
  return (
    <li>
      <b class={`delta ${delta > 0 ? 'gain' : delta < 0 ? 'loss' : ''}`}>{delta === 0 ? '·' : signed(delta)}</b>
      <a class="what" href={href(['stock', location.code, product.sku])}>{product.name}</a>
      <Moment at={event.recordedAt} style="time" timeZone={location.timeZone} />
      <span class="where">{location.name} · {events[event.type] ?? event.type}{why && ` · ${why}`}</span>
    </li>
  )
}
