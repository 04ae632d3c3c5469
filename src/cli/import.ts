import { setFlagsFromString } from 'node:v8'
import { Command, Option } from 'commander'
import { readConfig } from '../config.ts'
import { CommandFailed } from './errors.ts'
import type { ImportSettings } from './import/file-import.ts'
import { httpTarget } from './import/http-target.ts'
import { localTarget } from './import/local-target.ts'
import { FIELDS, readMapping, readPreset } from './import/mapping.ts'
import { PRESETS } from './import/presets.ts'
import { reportText } from './import/report.ts'
import { CHUNK_ROWS } from './import/rows.ts'
import { bytesOf, runImport } from './import/run.ts'
import type { ImportTarget } from './import/target.ts'
import { startProgress } from './progress.ts'
import { openStore, storeOption } from './store.ts'

interface ImportOptions {
  readonly map: readonly string[]
  readonly preset?: string
  readonly createMissing: boolean
  readonly allowNegative: boolean
  readonly onError: 'stop' | 'skip'
  readonly dryRun: boolean
  readonly url?: string
  readonly json: boolean
  readonly store: string
}

const ROWS = CHUNK_ROWS.toLocaleString('en')
const HELP = `
Fields are ${FIELDS.join(', ')}; sku, location and delta are needed. A field without --map
comes from the column of its own name. Times without a zone are UTC. --map delta=-Quantity turns the sign.

The same file with the same mapping changes nothing the second time, whatever its name and the other options:
to bring in rows that were rejected, import their .rejected.csv once what was wrong is put right.

With --on-error stop the import ends at the first bad row, and of the ${ROWS} rows that it stands among none is
applied; what was applied before stays. Rows that a preset leaves out by rule are no errors.

--dry-run looks at every ${ROWS} rows as if they were the first: it doesn't see what rows before them would have
done to the stock, and it can't judge rows whose product or location --create-missing would make.

Exit codes: 0 done, also where rows were skipped; 1 stopped or failed; 2 wrong usage.
`

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

export const importCommand = (): Command =>
  new Command('import')
    .description('bring movements of stock in from CSV files, gzipped or not')
    .argument('<files...>', 'in the order in which things happened')
    .option('--map <field=column>', 'where a field comes from; may be given several times', collect, [])
    .addOption(new Option('--preset <name>', `a known kind of file: ${[...PRESETS.keys()].join(', ')}`))
    .option('--create-missing', 'register products and open locations that are unknown', false)
    .option('--allow-negative', 'let stock go below zero where the file says so', false)
    .addOption(new Option('--on-error <what>', 'at a row that can not be used').choices(['stop', 'skip']).default('skip'))
    .option('--dry-run', 'only look: nothing is written to the store', false)
    .option('--url <url>', 'through a running server, for example http://127.0.0.1:4000; with the token in STOCKSTREAM_TOKEN where it asks for one')
    .option('--json', 'the report as JSON', false)
    .addOption(storeOption())
    .addHelpText('after', HELP)
    .action(importFiles)

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  const settings = settingsOf(options)
  // An import leaves much behind and holds on to little; without a word the heap grows to several times of what is alive in it.
  setFlagsFromString('--heap-growing-percent=40')
  const bytes = await bytesOf(files)
  const target = await targetOf(options)
  const progress = startProgress('Import', bytes)
  try {
    const report = await runImport({ files, settings, target, progress })
    progress.stop()
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report))
    if (report.stopped !== undefined) throw new CommandFailed(report.stopped)
  } finally {
    progress.stop()
    await target.close()
  }
}

function settingsOf({ map, preset: presetName, createMissing, allowNegative, dryRun, onError }: ImportOptions): ImportSettings {
  const preset = readPreset(presetName)
  return { mapping: readMapping(map, preset), preset, presetName, createMissing, allowNegative, dryRun, stopsOnError: onError === 'stop' }
}

const targetOf = async ({ url, store }: ImportOptions): Promise<ImportTarget> =>
  (url === undefined ? localTarget(await openStore(store)) : httpTarget(url, readConfig().token))
