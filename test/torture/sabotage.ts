/** Makes each build that breaks a promise, in a folder that goes again, and fails where its tests do not notice. `npm run torture:sabotage` */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Sabotage, sabotaged, sabotages } from './sabotages.ts'

const ROOT = join(import.meta.dirname, '../..')
const MOCHA = ['node_modules/mocha/bin/mocha.js', '--no-config', '--node-option', 'import=tsx', '--require', 'reflect-metadata', '--timeout', '300000', '--reporter', 'min']

interface Result { readonly passes: boolean; readonly output: string }

const everyTest = [...new Set(sabotages.flatMap(({ tests }) => tests))]
const untouched = await tested(everyTest)
if (!untouched.passes) throw new Error(`The tests fail on what is not sabotaged:\n${untouched.output}`)

let missed = 0
process.stdout.write('| a build that | caught by |\n|---|---|\n')
for (const sabotage of sabotages) {
  const { passes, output } = await tested(sabotage.tests, sabotage)
  // A build that does not run at all proves nothing.
  const isCaught = !passes && /\d+ failing/.test(output)
  if (!isCaught) missed += 1
  process.stdout.write(`| ${sabotage.name} | ${isCaught ? sabotage.tests.join(', ') : '**nothing**'} |\n`)
  if (!isCaught) process.stdout.write(`\n${output}\n`)
}
process.stdout.write(missed === 0 ? '\nEvery one is caught.\n' : `\n${missed} pass.\n`)
process.exitCode = missed === 0 ? 0 : 1

async function tested(tests: readonly string[], sabotage?: Sabotage): Promise<Result> {
  const folder = copied()
  try {
    if (sabotage) {
      const file = join(folder, sabotage.file)
      writeFileSync(file, sabotaged(sabotage, readFileSync(file, 'utf8')))
    }
    const child = spawn(process.execPath, [...MOCHA, ...tests], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const [[code], output, errors] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)])
    return { passes: code === 0, output: output + errors }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function copied(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sabotage-'))
  for (const name of ['src', 'test', 'schema', 'package.json', 'tsconfig.json', 'bundle.ts']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
