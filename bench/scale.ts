/**
 * What a retailer with many stores asks of the server through a day, and what that takes: from the costs that are measured
 * (RESULTS.md), and from the sales that are assumed below. `npm run bench:scale`, or with other assumptions
 * `npm run bench:scale -- --sales 40`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    /** Lines of receipts, of a store and an hour, through its day. */
    sales: { type: 'string', default: '60' },
    /** Questions that go with each: tills, storefronts, dashboards. */
    questions: { type: 'string', default: '10' },
    /** Who follows the stock of a store: its own screens and apps. */
    followers: { type: 'string', default: '3' },
    /** Commands that one primary of the database takes in a second; docs/scale.md says how it was measured. */
    primary: { type: 'string', default: '1500' },
  },
})
const [SALES, QUESTIONS, FOLLOWERS, PRIMARY] = [values.sales, values.questions, values.followers, values.primary].map(Number) as [number, number, number, number]

const STORES = [100, 1_000, 10_000, 100_000]
/** How busy each hour of a store's day is; from 9 to 21. */
const HOURS = [0.5, 0.7, 0.9, 1.4, 1.3, 0.8, 0.8, 1, 1.5, 1.8, 1.1, 0.4]
const OPENS = 9
/** Stores in four time zones, as the parts of all. */
const ZONES = [0.4, 0.3, 0.2, 0.1]
/** A minute may be this much busier than its hour: beyond what chance makes of the number of stores. */
const RUSH = 1.5
/** Of a core, so that a node may fail and the others have room for its part. */
const BUSY_MAX = 0.6

const results = readFileSync(join(import.meta.dirname, 'RESULTS.md'), 'utf8')

/** CPU seconds of one, as RESULTS.md has it. */
function costOf(work: string): number {
  const row = results.split('\n').find((line) => line.startsWith(`| ${work} |`))
  const rate = Number(/\|\s*([\d,]+(?:\.\d+)?)/.exec(row?.slice(work.length + 3) ?? '')?.[1]?.replaceAll(',', ''))
  if (!(rate > 0)) throw new Error(`bench/RESULTS.md has no line «${work}»: run npm run bench first.`)
  return 1 / rate
}

const COST = { command: costOf('removeStock'), question: costOf('point query'), message: costOf('a change to 1,000 subscribers') }

/** The same number for the same seed, from 0 to 1 (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** How many come in a second of which `mean` are expected: the normal distribution is near enough beyond a few. */
function chance(mean: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random())
  return Math.max(0, mean + Math.sqrt(mean) * normal)
}

interface Day { readonly events: number; readonly peak: number }

/** Commands in each second of a day: as many as the stores that are open then bring. */
function simulate(stores: number): Day {
  const random = seeded(stores)
  let [events, peak] = [0, 0]
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    const perHour = ZONES.reduce((sum, part, zone) => sum + stores * part * SALES * (HOURS[Math.floor(minute / 60) - OPENS - zone] ?? 0), 0)
    const rush = 1 + (RUSH - 1) * random() ** 4
    for (let second = 0; second < 60; second += 1) {
      const commands = chance(perHour * rush / 3_600, random)
      events += commands
      peak = Math.max(peak, commands)
    }
  }
  return { events, peak }
}

const whole = (value: number): string => Math.ceil(value).toLocaleString('en-GB')
const cores = (perSecond: number, cost: number): number => perSecond * cost / BUSY_MAX

process.stdout.write(`A store sells ${SALES} lines an hour; ${QUESTIONS} questions go with each, and ${FOLLOWERS} follow it. One primary takes ${PRIMARY} commands/s.\n\n`)
process.stdout.write('| stores | events a day | commands/s at the peak | cores for commands | for questions | for followers | of one primary | logs |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n')
for (const stores of STORES) {
  const { events, peak } = simulate(stores)
  const share = peak / PRIMARY
  process.stdout.write(`| ${whole(stores)} | ${whole(events)} | ${whole(peak)} | ${whole(cores(peak, COST.command))} | ${whole(cores(peak * QUESTIONS, COST.question))} | ${whole(cores(peak * FOLLOWERS, COST.message))} | ${Math.round(share * 100)} % | ${whole(share / BUSY_MAX)} |\n`)
}
