import { parseArgs } from 'node:util'
import { NOTHING } from '../faults/tally.ts'
import type { Scenario } from './scenario.ts'
import { HEAD, line, type Row } from './table.ts'

/**
 * Runs what the command line names, and prints the table: `[--part 0.1] [--seed 7] [NAME...]` for a part of the cycles, with
 * other random numbers, only of what has one of the names in its own. Fails where a promise is broken.
 */
export async function runAll(scenarios: readonly Scenario[]): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { part: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
  })
  const [part, seed] = [numberOf('part', values.part, 0.001, 100), numberOf('seed', values.seed, 0, 2 ** 31)]
  const wanted = scenarios.filter(({ name }) => positionals.length === 0 || positionals.some((text) => name.includes(text)))
  if (wanted.length === 0) throw new Error(`No test has such a name. There are: ${scenarios.map(({ name }) => name).join(', ')}.`)
  const [broken, figures]: [string[], string[]] = [[], []]
  process.stdout.write(HEAD)
  for (const scenario of wanted) {
    const { name, tally, ...row } = await run(scenario, part, seed)
    process.stdout.write(line({ name, tally, ...row }))
    broken.push(...tally.violations.map((violation) => `${name}: ${violation}`))
    figures.push(...(tally.figures ?? []).map((figure) => `- ${name}: ${figure}`))
  }
  if (figures.length > 0) process.stdout.write(`\n${figures.join('\n')}\n`)
  process.stdout.write(broken.length === 0 ? '\nEvery promise was kept.\n' : `\n${broken.length} promises were broken:\n${broken.join('\n')}\n`)
  process.exitCode = broken.length === 0 ? 0 : 1
}

async function run({ name, cycles, hindrance, run: bringAbout }: Scenario, part: number, seed: number): Promise<Row> {
  const skipped = hindrance?.()
  if (skipped !== undefined) return { name, seconds: 0, tally: NOTHING, skipped }
  const startedAt = Date.now()
  const tally = await bringAbout(Math.max(1, Math.round(cycles * part)), seed)
    .catch((error: unknown) => ({ ...NOTHING, violations: [error instanceof Error ? error.stack ?? error.message : String(error)] }))
  return { name, seconds: (Date.now() - startedAt) / 1_000, tally }
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (value >= min && value <= max) return value
  throw new Error(`--${name} must be a number from ${min} to ${max}, such as --${name} 1.`)
}
