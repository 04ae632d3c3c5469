/** One panel: a line for each series, over amounts that differ by powers of ten. */
export interface Panel {
  readonly title: string
  readonly unit: string
  readonly series: readonly Series[]
}
export interface Series { readonly name: string; readonly points: readonly Point[] }
interface Point { readonly x: number; readonly y: number }

const [WIDTH, HEIGHT] = [420, 260]
const PLOT = { left: 60, right: 400, top: 56, bottom: 220 }
const COLOURS = ['#0b6e99', '#b3541e', '#4b7f2c', '#7a3e9d']

/** Panels two by two, as SVG that reads on light and dark pages alike. */
export function charts(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / 2)
  const drawn = panels.map((panel, n) => `<g transform="translate(${(n % 2) * WIDTH} ${Math.floor(n / 2) * HEIGHT})">${panelOf(panel)}</g>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH} ${rows * HEIGHT}" font-family="system-ui, sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join('\n')}
</svg>
`
}

function panelOf({ title, unit, series }: Panel): string {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => Math.log10(x)))
  const top = roundUp(Math.max(...series.flatMap(({ points }) => points.map(({ y }) => y))))
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  const x = (value: number): number => PLOT.left + (Math.log10(value) - low) / Math.max(high - low, 1e-9) * (PLOT.right - PLOT.left - 20)
  const y = (value: number): number => PLOT.bottom - value / top * (PLOT.bottom - PLOT.top)
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top)
  const amounts = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))]
  return [
    `<text x="${PLOT.left}" y="20" font-size="13" font-weight="600">${title}</text>`,
    ...series.map(({ name }, n) => `<text x="${PLOT.left + n * 84}" y="40" fill="${COLOURS[n % COLOURS.length]}">${name}</text>`),
    ...ticks.map((tick) => `<path d="M${PLOT.left} ${y(tick)}H${PLOT.right}" stroke="#ddd"/><text x="${PLOT.left - 6}" y="${y(tick) + 4}" text-anchor="end" fill="#555">${shown(tick)}</text>`),
    ...amounts.map((amount) => `<text x="${x(amount)}" y="${PLOT.bottom + 16}" text-anchor="middle" fill="#555">${shown(amount)}</text>`),
    `<text x="${PLOT.right}" y="${PLOT.bottom + 32}" text-anchor="end" fill="#555">events</text><text x="${PLOT.left - 6}" y="${PLOT.top - 6}" text-anchor="end" fill="#555">${unit}</text>`,
    ...series.map((each, n) => lineOf(each, COLOURS[n % COLOURS.length] ?? '', x, y)),
  ].join('\n')
}

function lineOf({ points }: Series, colour: string, x: (value: number) => number, y: (value: number) => number): string {
  const path = points.map((point, n) => `${n === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('')
  const dots = points.map((point) => `<circle cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="3" fill="${colour}"/>`)
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10)
}

const shown = (value: number): string =>
  (value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : String(Number(value.toPrecision(3))))
