import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { silent } from '../application/test-inventory.ts'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { everything } from '../infrastructure/event-log/fixture.ts'
import { Random } from './random.ts'
import { Subscriber } from './subscriber.ts'
import type { Tally } from './tally.ts'

const WRITERS = 4
const LOCATIONS = ['LIS', 'OPO'] as const
/** So many commands are answered between one kill and the next. */
const COMMANDS_BETWEEN = 40

export interface Crowd { readonly subscribers: number; readonly kills: number; readonly seed: number }

/** A server that is killed again and again while clients write and others follow, and also lose their connections by themselves. */
export async function followThroughKills(crowd: Crowd): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'subscribers-'))
  try {
    return await new Following(directory, crowd).run()
  } finally {
    await rm(directory, { recursive: true })
  }
}

class Following {
  private readonly random: Random
  private readonly subscribers: Subscriber[] = []
  private server: ServerProcess | undefined
  private url = ''
  private answered = 0
  private isOver = false

  constructor(private readonly directory: string, private readonly crowd: Crowd) { this.random = new Random(crowd.seed) }

  async run(): Promise<Tally> {
    const { kills, subscribers } = this.crowd
    try {
      const start = await this.prepare()
      for (let n = 0; n < subscribers; n++) this.subscribers.push(new Subscriber(() => this.url, start))
      const writers = Array.from({ length: WRITERS }, (_, name) => this.write(name))
      for (let kill = 0; kill < kills; kill++) await this.killOnce()
      await this.answers(COMMANDS_BETWEEN)
      this.isOver = true
      await Promise.all(writers)
      const last = await this.insist((server) => server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: 'last' }, 'cursor'))
      for (const subscriber of this.subscribers) while (subscriber.cursor !== last.cursor) await wait(20)
    } finally {
      for (const subscriber of this.subscribers) subscriber.end()
      await this.server?.kill('SIGKILL')
    }
    return await this.compared()
  }

  /** The cursor after which all begin. */
  private async prepare(): Promise<string> {
    this.server = await startServerProcess(this.directory)
    this.url = this.server.url
    await this.server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    let cursor = ''
    for (const code of LOCATIONS) cursor = (await this.server.mutate('openLocation', { code, name: code }, 'cursor')).cursor as string
    return cursor
  }

  /** Commands of one to four events, each sent until there is an answer. */
  private async write(name: number): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      const movements = Array.from({ length: 1 + this.random.below(4) }, () => ({ sku: 'MUG', location: this.random.pick(LOCATIONS), delta: 1 }))
      await this.insist((server) => server.mutate('applyMovements', { movements, idempotencyKey: `${name}-${n}` }, 'cursor'))
      this.answered += 1
    }
  }

  private async insist<Value>(ask: (server: ServerProcess) => Promise<Value>): Promise<Value> {
    for (;;) {
      const { server } = this
      try {
        if (server) return await ask(server)
      } catch (error) {
        // It is being killed, or the one that takes its place is not there yet.
        if (server === this.server && error instanceof Error && error.message.startsWith('[{')) throw error
      }
      await wait(20)
    }
  }

  private async killOnce(): Promise<void> {
    await this.answers(COMMANDS_BETWEEN / 2)
    this.random.pick(this.subscribers).cutOff()
    await this.answers(COMMANDS_BETWEEN / 2)
    await this.server?.kill('SIGKILL')
    this.server = await startServerProcess(this.directory, Number(new URL(this.url).port))
  }

  private async answers(more: number): Promise<void> {
    for (const enough = this.answered + more; this.answered < enough;) await wait(5)
  }

  private async compared(): Promise<Tally> {
    const log = await openEventLog({ directory: this.directory, clock: { now: () => 0 }, logger: silent })
    const events = (await everything(log)).filter(({ stream }) => stream.startsWith('stock:'))
    await log.close()
    const expected = events.map(({ stream, version }) => `${stream} ${version}`)
    const commands = new Set(events.flatMap(({ metadata }) => metadata.idempotency?.key ?? []))
    const told = this.subscribers.map(({ changes }) => changes.map(({ event: { stream, version } }) => `${stream} ${version}`))
    const cutOff = this.subscribers.reduce((sum, { connections }) => sum + connections - 1, 0)
    return {
      cycles: this.crowd.kills, acknowledged: this.answered + 1, refused: 0,
      lost: told.reduce((sum, changes) => sum + missing(expected, changes), 0),
      doubled: told.reduce((sum, changes) => sum + changes.length - new Set(changes).size, 0),
      violations: [
        ...told.flatMap((changes, n) => (changes.join('\n') === expected.join('\n') ? [] : [`subscriber ${n} was told ${changes.length} changes of ${expected.length}, or in another order`])),
        ...(commands.size === this.answered + 1 ? [] : [`${this.answered + 1} commands were answered, and the log has ${commands.size}`]),
        ...(cutOff >= this.crowd.kills ? [] : [`subscribers were cut off ${cutOff} times only`]),
      ],
    }
  }
}

function missing(expected: readonly string[], found: readonly string[]): number {
  const there = new Set(found)
  return expected.filter((change) => !there.has(change)).length
}
