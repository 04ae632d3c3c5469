import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { end } from './process.ts'
import { isInstalled } from './program.ts'
import { describeWith } from './required.ts'

export interface Brokers {
  /** host:port, of each. */
  readonly brokers: readonly string[]
  hang(): void
  goOn(): void
  close(): Promise<void>
}

const BROKERS = 3

/** The mock brokers of librdkafka, as kcat carries them: three that hold topics in memory, and make those that they are asked for. */
export async function startBrokers(): Promise<Brokers> {
  const child = spawn('kcat', ['-P', '-t', 'boot', '-b', 'x:1', '-X', `test.mock.num.brokers=${BROKERS}`, '-d', 'mock'], { stdio: ['pipe', 'ignore', 'pipe'] })
  const brokers = await addressesOf(child)
  return {
    brokers,
    hang() { child.kill('SIGSTOP') },
    goOn() { child.kill('SIGCONT') },
    close: () => end(child, 'SIGKILL'),
  }
}

async function addressesOf(child: ChildProcess): Promise<readonly string[]> {
  if (!child.stderr) throw new Error('kcat has no standard error.')
  for await (const line of createInterface({ input: child.stderr })) {
    const found = /bootstrap\.servers=(\S+)/.exec(line)?.[1]
    if (found === undefined) continue
    child.stderr.resume()
    return found.split(',')
  }
  throw new Error('kcat ended before its brokers were there.')
}

/** Tests that have brokers of their own. */
export function describeWithKafka(title: string, tests: (brokers: () => Brokers) => void): void {
  describeWith('kcat', () => isInstalled('kcat'), title, () => {
    let started: Brokers | undefined
    before(async () => { started = await startBrokers() })
    after(() => started?.close())
    tests(() => {
      if (!started) throw new Error('The brokers are there from the first test on.')
      return started
    })
  })
}
