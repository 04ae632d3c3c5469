/**
 * How long a past moment takes: of one stock level whose stream is long, and of a page among many levels. Each moment
 * is another one, so that no cache has it. CPU time is the server's, all its threads: wall time depends on the
 * neighbours. `npm run bench:past -- [EVENTS] [LEVELS] [ASKED]`
 */
import { startServer } from './server.ts'

const [events = 100_000, levels = 10_000, asked = 200] = process.argv.slice(2).map(Number)
const MOVEMENTS_MAX = 10_000
const START = Date.UTC(2025, 0, 1)
const STEP_MS = 60_000
/** One in so many is told late, by up to an hour. */
const LATE_EVERY = 20

const server = await startServer()
try {
  const { url } = server
  const from = Date.now()
  await fill(url)
  const recordedMs = { from, to: Date.now() }
  process.stdout.write(`A stream of ${events} events, ${levels} stock levels, ${asked} moments each.\n\n| asked for | CPU ms | p50 ms | p99 ms |\n|---|---|---|---|\n`)
  for (const [name, query] of questions()) process.stdout.write(await measured(url, name, query, recordedMs))
} finally {
  await server.stop()
}

function questions(): readonly (readonly [name: string, query: string])[] {
  const level = 'product { sku name } location { code } quantities { onHand reserved available } version isLow cursor'
  const one = (args: string, more = '') => `query($at: DateTime!${more}) { stockLevel(sku: "LONG", location: "LIS", ${args}) { ${level} } }`
  const page = (args: string) => `query($at: DateTime!) { stockLevels(first: 50, ${args}) { totalCount nodes { ${level} } } }`
  return [
    ['stock level, asOf', one('asOf: $at')],
    ['stock level, asOf and knownAt', one('asOf: $at, knownAt: $knownAt', ', $knownAt: DateTime!')],
    ['page of 50, asOf', page('asOf: $at')],
    ['last page of 50, asOf', page('asOf: $at, direction: DESC')],
    ['page of 50, asOf, by available', page('asOf: $at, orderBy: AVAILABLE')],
  ]
}

interface Range { readonly from: number; readonly to: number }

function momentIn({ from, to }: Range): string {
  return new Date(from + Math.floor(Math.random() * (to - from))).toISOString()
}

async function measured(url: string, name: string, query: string, recordedMs: Range): Promise<string> {
  const times: number[] = []
  const cpu = server.cpu()
  for (let n = 0; n < asked; n++) {
    const at = momentIn({ from: START, to: START + events * STEP_MS })
    const knownAt = momentIn(recordedMs)
    const from = performance.now()
    await send(url, query, { at, knownAt })
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const quantile = (q: number): string => (times[Math.min(asked - 1, Math.floor(q * asked))] ?? NaN).toFixed(2)
  return `| ${name} | ${((server.cpu() - cpu) * 1_000 / asked).toFixed(2)} | ${quantile(0.5)} | ${quantile(0.99)} |\n`
}

async function fill(url: string): Promise<void> {
  await send(url, 'mutation { openLocation(input: { code: "LIS", name: "Lisbon" }) { userErrors { code } } }', {})
  const skus = Array.from({ length: levels - 1 }, (_, n) => `SKU-${String(n).padStart(5, '0')}`)
  for (let from = 0; from <= skus.length; from += 50) {
    await Promise.all(['LONG', ...skus].slice(from, from + 50).map((sku) =>
      send(url, 'mutation($input: RegisterProductInput!) { registerProduct(input: $input) { userErrors { code } } }', { input: { sku, name: `Product ${sku}` } })))
  }
  const long = Array.from({ length: events }, (_, n) => {
    const late = n % LATE_EVERY === LATE_EVERY - 1 ? Math.floor(Math.random() * 60) : 0
    return { sku: 'LONG', location: 'LIS', delta: 1, occurredAt: new Date(START + (n - late) * STEP_MS).toISOString() }
  })
  const wide = [0, 1, 2].flatMap((round) => skus.map((sku, n) =>
    ({ sku, location: 'LIS', delta: 1, occurredAt: new Date(START + ((round * levels + n) % events) * STEP_MS).toISOString() })))
  const movements = [...long, ...wide]
  for (let from = 0; from < movements.length; from += MOVEMENTS_MAX) {
    await send(url, 'mutation($input: ApplyMovementsInput!) { applyMovements(input: $input) { userErrors { code } } }', { input: { movements: movements.slice(from, from + MOVEMENTS_MAX) } })
  }
}

async function send(url: string, query: string, variables: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
  const text = await response.text()
  if (!response.ok || text.includes('"errors"') || text.includes('"code":"I')) throw new Error(text.slice(0, 500))
}
