import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { locale, moment, number } from '../format.ts'
import { isDark } from '../theme.ts'

export interface Line {
  readonly name: string
  /** The name of a colour among the style sheet's properties. */
  readonly colour: string
  readonly isStepped?: boolean
  readonly isFilled?: boolean
}

export interface ChartProps {
  /** What there is to see, for who does not. */
  readonly label: string
  readonly lines: readonly Line[]
  /** Seconds since 1970, then the values of each line. */
  readonly data: uPlot.AlignedData
  readonly height: number
  readonly timeZone?: string
}

const DAY_SECONDS = 86_400

export function Chart({ label, lines, data, height, timeZone }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const shape = `${lines.map(({ name }) => name).join()} ${isDark.value} ${timeZone ?? ''} ${locale.value}`
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const made = new uPlot(optionsOf({ label, lines, data, height, ...(timeZone && { timeZone }) }, element), data, element)
    chart.current = made
    const observer = new ResizeObserver(() => { made.setSize({ width: element.clientWidth, height }) })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => { chart.current?.setData(data) }, [data])
  return <div class="chart" role="img" aria-label={label} ref={place} />
}

function optionsOf({ lines, height, timeZone }: ChartProps, element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const axis: uPlot.Axis = {
    stroke: colour('quiet'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: `11px ${style.fontFamily}`, gap: 6,
  }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 32, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    ...(timeZone && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), timeZone) }),
    axes: [
      { ...axis, space: 96, size: 30, values: (_, splits) => timesOf(splits, timeZone) },
      { ...axis, size: 52, values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? number(value) : '')) },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colour))],
  }
}

function seriesOf({ name, colour: of, isStepped, isFilled }: Line, colour: (name: string) => string): uPlot.Series {
  return {
    label: name,
    stroke: colour(of),
    width: 1.75,
    points: { show: false },
    ...(isStepped && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
    ...(isFilled && { fill: colour(`${of}-wash`) }),
  }
}

function timesOf(splits: readonly number[], timeZone: string | undefined): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0)
  const step = (splits[1] ?? 0) - (splits[0] ?? 0)
  const style = step >= DAY_SECONDS ? 'day' : span > DAY_SECONDS ? 'short' : step < 60 ? 'time' : 'minute'
  return splits.map((seconds) => moment(seconds * 1_000, style, timeZone))
}
