import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An event as its line in the log has it. */
export interface Line {
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly recordedAt: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Straight from the files of the log. */
export function recordedIn(store: string): readonly Line[] {
  const folder = join(store, 'log')
  return readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort().flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line.includes('"stream":')).map((line) => JSON.parse(line) as Line))
}
