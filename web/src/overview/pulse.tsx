import { useMemo } from 'preact/hooks'
import { words } from '../i18n/index.ts'
import { type Second, seconds } from '../live/rates.ts'
import { Chart } from '../view/chart.tsx'

const HEIGHT = 132
const SECONDS_LEAST = 60

export function RateChart() {
  const { overview } = words.value
  const data = useMemo(() => dataOf(seconds.value, seconds.value.map(({ changes }) => changes)), [seconds.value])
  return (
    <figure>
      <figcaption>{overview.rateChart}</figcaption>
      <Chart label={overview.rateChart} lines={[{ name: overview.rate, colour: 'accent', isFilled: true }]} data={data} height={HEIGHT} />
    </figure>
  )
}

export function StockChart() {
  const { overview } = words.value
  const data = useMemo(() => dataOf(seconds.value, runningSums(seconds.value.map(({ onHand }) => onHand))), [seconds.value])
  return (
    <figure>
      <figcaption>{overview.stockChart}</figcaption>
      <Chart label={overview.stockChart} lines={[{ name: overview.gained, colour: 'blue', isStepped: true }]} data={data} height={HEIGHT} />
    </figure>
  )
}

/** At least a minute wide; blank where nobody was looking yet. */
function dataOf(shown: readonly Second[], values: readonly number[]): [number[], (number | null)[]] {
  const [first, last] = [shown[0]?.at ?? 0, shown.at(-1)?.at ?? 0]
  const isShort = last - first < SECONDS_LEAST
  return [[...(isShort ? [last - SECONDS_LEAST] : []), ...shown.map(({ at }) => at)], [...(isShort ? [null] : []), ...values]]
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => (sum += value))
}
