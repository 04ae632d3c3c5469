import { useMemo, useState } from 'preact/hooks'
import type { Level, Quantities } from '../api/types.ts'
import { moment } from '../format.ts'
import { words } from '../i18n/index.ts'
import { Chart, type Line } from '../view/chart.tsx'
import { Legend } from '../view/legend.tsx'
import { Quantity } from '../view/quantity.tsx'
import type { RecentEvents } from '../view/recent-events.ts'
import { type Point, seriesOf } from './series.ts'

interface ThroughTimeProps { readonly level: Level; readonly isPredicted: boolean; readonly history: RecentEvents }

/** The quantities now, or as they were at a moment that the slider is drawn to; and all of them as lines. */
export function ThroughTime({ level, isPredicted, history }: ThroughTimeProps) {
  const { level: text, quantities: names, commands } = words.value
  const points = useMemo(() => seriesOf(level.quantities, history.events, !history.hasOlder), [level, history.events, history.hasOlder])
  const [chosen, setChosen] = useState<number>()
  const then = chosen === undefined ? undefined : points.findLast(({ at }) => at <= chosen)
  const zone = level.location.timeZone
  const lines: readonly Line[] = [
    { name: names.onHand, colour: 'accent', isStepped: true, isFilled: true },
    { name: names.available, colour: 'blue', isStepped: true },
    { name: names.reserved, colour: 'amber', isStepped: true },
  ]
  const data = useMemo(() => dataOf(points), [points])
  return (
    <section class="panel through-time" aria-labelledby="through-time">
      <h2 id="through-time">{text.chart}</h2>
      <p class="as-of" role="status">{text.asOf} <strong>{then ? moment(then.at, 'short', zone) : text.now}</strong>{isPredicted && <em> · {commands.predicted}</em>}</p>
      <Tiles shown={then ?? level.quantities} isPredicted={isPredicted} />
      <Legend lines={lines} />
      {points.length > 1
        ? <Chart label={text.chartText} lines={lines} data={data} height={240} timeZone={zone} />
        : <p class="none">{text.noChart}</p>}
      {points.length > 1 && <Slider points={points} chosen={chosen} onChoose={setChosen} label={text.asOf} zone={zone} />}
    </section>
  )
}

function Tiles({ shown, isPredicted }: { readonly shown: Quantities | Point; readonly isPredicted: boolean }) {
  const { quantities: names } = words.value
  const tiles = ['onHand', 'available', 'reserved', 'unavailable', 'incoming'] as const
  return (
    <dl class={`tiles ${isPredicted ? 'predicted' : ''}`}>
      {tiles.map((name) => <div key={name} data-quantity={name}><dt>{names[name]}</dt><dd><Quantity value={shown[name]} /></dd></div>)}
      {'availableToPromise' in shown && <div data-quantity="availableToPromise"><dt>{names.availableToPromise}</dt><dd><Quantity value={shown.availableToPromise} /></dd></div>}
    </dl>
  )
}

interface SliderProps { readonly points: readonly Point[]; readonly chosen: number | undefined; readonly onChoose: (at: number | undefined) => void; readonly label: string; readonly zone: string }

/** Steps from change to change; at its right end it is now, and stays there while new changes come. */
function Slider({ points, chosen, onChoose, label, zone }: SliderProps) {
  const last = points.length - 1
  const index = chosen === undefined ? last : points.findLastIndex(({ at }) => at <= chosen)
  const choose = (value: number): void => { onChoose(value >= last ? undefined : points[value]?.at) }
  return (
    <input
      type="range" class="slider" aria-label={label} min={0} max={last} step={1} value={index}
      aria-valuetext={chosen === undefined ? words.value.level.now : moment(chosen, 'short', zone)}
      onInput={({ currentTarget }) => { choose(Number(currentTarget.value)) }}
    />
  )
}

/** The lines end now, not at the last change. */
function dataOf(points: readonly Point[]): [number[], number[], number[], number[]] {
  const last = points.at(-1)
  const drawn = last ? [...points, { ...last, at: Math.max(Date.now(), last.at) }] : []
  return [drawn.map(({ at }) => at / 1_000), drawn.map(({ onHand }) => onHand), drawn.map(({ available }) => available), drawn.map(({ reserved }) => reserved)]
}
