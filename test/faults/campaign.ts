import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { verifyLog } from '../../src/infrastructure/event-log/verify.ts'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { silent } from '../application/test-inventory.ts'
import { everything } from '../infrastructure/event-log/fixture.ts'
import { examine, type LoggedChange, type Operation, type OperationAnswer, type Shown } from './operations.ts'
import type { Tally } from './tally.ts'
import type { WorkerOptions } from './worker.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

type Line = { readonly asked: Operation } | { readonly answered: string; readonly answer: OperationAnswer }

export interface RunOptions extends Partial<Omit<WorkerOptions, 'directory' | 'unanswered'>> {
  readonly seed: number
  /** The process is killed when so many operations have been answered. */
  readonly killAfter?: number
  /** What happens right before, while the process stands still. */
  readonly beforeKill?: () => Promise<void>
  /** Put before the process's own command line. */
  readonly under?: readonly string[]
}

/** Processes one after the other on one store, and what their clients asked and heard. */
export class Campaign {
  private readonly operations = new Map<string, Operation>()
  private runs = 0

  constructor(readonly directory: string) {}

  get unanswered(): Operation[] { return [...this.operations.values()].filter(({ answer }) => !answer) }

  /** One process, to its end. Returns how it ended: its exit code or the signal. */
  async run({ killAfter, beforeKill, under = [], ...options }: RunOptions): Promise<number | string | null> {
    this.runs += 1
    const unanswered = this.unanswered
    // A read that got no answer is nobody's concern.
    for (const { id, kind } of unanswered) if (kind === 'read') this.operations.delete(id)
    const settings: WorkerOptions = {
      clients: 8, operations: 60, segmentBytesMax: 20_000, ...options,
      directory: this.directory, unanswered: unanswered.filter(({ kind }) => kind !== 'read'),
    }
    const [command, ...rest] = [...under, process.execPath, '--import', 'tsx', WORKER, JSON.stringify(settings)]
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>
    let answers = 0
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line
      this.note(line)
      if (!('answered' in line) || ++answers !== killAfter) continue
      if (beforeKill) await whileStopped(child, beforeKill)
      child.kill('SIGKILL')
    }
    const [code, signal] = await ended
    return code ?? signal
  }

  /** What is to be said of all that was answered, by what stands in the log. */
  async examine(): Promise<Tally> {
    const { events: count } = await verifyLog(this.directory)
    const log = await openEventLog({ directory: this.directory, clock: { now: () => 0 }, logger: silent })
    const events = await everything(log)
    await log.close()
    const changes: LoggedChange[] = events.flatMap((event) => {
      const change = changeOf(event)
      return change ? [{ ...change, id: event.metadata.idempotency?.key ?? '', version: event.version }] : []
    })
    const found = examine([...this.operations.values()], changes)
    const missing = count === events.length ? [] : [`the log holds ${count} events, and gives ${events.length}`]
    return { ...found, cycles: this.runs, violations: [...missing, ...found.violations] }
  }

  private note(line: Line): void {
    if ('asked' in line) {
      if (!this.operations.has(line.asked.id)) this.operations.set(line.asked.id, line.asked)
      return
    }
    const operation = this.operations.get(line.answered)
    if (operation) this.operations.set(line.answered, { ...operation, answer: line.answer })
  }
}

/** By how much an event of a stock level changes what is shown. */
export function changeOf({ type, data }: RecordedEvent): Shown | undefined {
  switch (type) {
    case 'StockAdded': return { onHand: data.quantity, reserved: 0 }
    case 'StockRemoved': return { onHand: -data.quantity, reserved: 0 }
    case 'StockReserved': return { onHand: 0, reserved: data.quantity }
    default: return undefined
  }
}

async function whileStopped(child: ChildProcess, act: () => Promise<void>): Promise<void> {
  child.kill('SIGSTOP')
  while (!isStopped(child.pid)) await wait(1)
  await act()
}

/** A process that has ended stands still, too. */
function isStopped(pid: number | undefined): boolean {
  try {
    return /^State:\s+[TZX]/m.test(readFileSync(`/proc/${pid ?? ''}/status`, 'utf8'))
  } catch {
    return true
  }
}
