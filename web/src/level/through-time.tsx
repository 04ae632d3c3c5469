import { useMemo, useState } from 'preact/hooks'
import type { Level, Quantities } from '../api/types.ts'
import { moment } from '../format.ts'
import { words } from '../i18n/index.ts'
import { Chart, type Line } from '../view/chart.tsx'
import { Legend } from '../view/legend.tsx'
import { Quantity } from '../view/quantity.tsx'
import type { RecentEvents } from '../view/recent-events.ts'
import { MomentChoice } from './moment-choice.tsx'
import { type Point, seriesOf } from './series.ts'
import { useAsOf } from './use-as-of.ts'

interface ThroughTimeProps { readonly level: Level; readonly isPredicted: boolean; readonly history: RecentEvents }

type Shown = Quantities | Point
const NOTHING: Omit<Point, 'at'> = { onHand: 0, reserved: 0, unavailable: 0, available: 0, incoming: 0 }

/** The quantities now, or as they were at a moment that is chosen; and all of them as lines. */
export function ThroughTime({ level, isPredicted, history }: ThroughTimeProps) {
  const { level: text, quantities: names, commands } = words.value
  const { sku } = level.product
  const { code, timeZone } = level.location
  const points = useMemo(() => seriesOf(level.quantities, history.events, !history.hasOlder), [level, history.events, history.hasOlder])
  const [chosen, setChosen] = useState<number>()
  const asked = useAsOf(sku, code, chosen)
  // What the events say is there at once; the server's own answer takes its place.
  const known = chosen === undefined ? level.quantities : points.findLast(({ at }) => at <= chosen)
  const shown: Shown = asked ?? known ?? { ...NOTHING, at: 0 }
  const lines: readonly Line[] = [
    { name: names.onHand, colour: 'accent', isStepped: true, isFilled: true },
    { name: names.available, colour: 'blue', isStepped: true },
    { name: names.reserved, colour: 'amber', isStepped: true },
  ]
  const data = useMemo(() => dataOf(points), [points])
  return (
    <section class="panel through-time" aria-labelledby="through-time">
      <h2 id="through-time">{text.chart}</h2>
      <p class="as-of" role="status">
        {text.asOf} <strong>{chosen === undefined ? text.now : moment(chosen, 'short', timeZone)}</strong>
        {isPredicted && <em> · {commands.predicted}</em>}
        {asked === null && <em> · {text.notYet}</em>}
      </p>
      <Tiles shown={shown} isPredicted={isPredicted} />
      <Legend lines={lines} />
      {points.length > 1
        ? <Chart label={text.chartText} lines={lines} data={data} height={240} timeZone={timeZone} />
        : <p class="none">{text.noChart}</p>}
      <MomentChoice points={points} chosen={chosen} timeZone={timeZone} onChoose={setChosen} />
    </section>
  )
}

function Tiles({ shown, isPredicted }: { readonly shown: Shown; readonly isPredicted: boolean }) {
  const { quantities: names } = words.value
  const tiles = ['onHand', 'available', 'reserved', 'unavailable', 'incoming'] as const
  return (
    <dl class={`tiles ${isPredicted ? 'predicted' : ''}`}>
      {tiles.map((name) => <div key={name} data-quantity={name}><dt>{names[name]}</dt><dd><Quantity value={shown[name]} /></dd></div>)}
      {'availableToPromise' in shown && <div data-quantity="availableToPromise"><dt>{names.availableToPromise}</dt><dd><Quantity value={shown.availableToPromise} /></dd></div>}
    </dl>
  )
}

/** The lines end now, not at the last change. */
function dataOf(points: readonly Point[]): [number[], number[], number[], number[]] {
  const last = points.at(-1)
  const drawn = last ? [...points, { ...last, at: Math.max(Date.now(), last.at) }] : []
  return [drawn.map(({ at }) => at / 1_000), drawn.map(({ onHand }) => onHand), drawn.map(({ available }) => available), drawn.map(({ reserved }) => reserved)]
}
