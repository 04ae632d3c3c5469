import { expect } from 'chai'
import { type Append, type EventStore, Unavailable } from '../../src/application/ports.ts'
import { DamagedLog } from '../../src/infrastructure/event-log/errors.ts'
import type { Files } from '../../src/infrastructure/event-log/files.ts'
import { recover } from '../../src/infrastructure/event-log/recovery.ts'
import { LOG_START, walkLog } from '../../src/infrastructure/event-log/scan.ts'
import { silent } from '../application/test-inventory.ts'
import { stocked } from '../infrastructure/event-log/fixture.ts'
import type { Random } from './random.ts'

const STREAMS = 5

/** Appends of one to three events to one or two of a few streams, each on top of those before it. */
export class History {
  readonly appends: Append[] = []
  /** The ids of all events, in the order of their positions. */
  readonly ids: string[] = []
  /** The positions at which an append ends. */
  readonly ends = new Set([0])
  private readonly versions = new Map<string, number>()

  constructor(private readonly random: Random) {}

  next(): Append {
    const names = new Set(Array.from({ length: 1 + this.random.below(2) }, () => `stock:S${this.random.below(STREAMS)}@BER`))
    const streams = [...names].map((stream) => ({ stream, expectedVersion: this.versions.get(stream) ?? 0 }))
    const events = Array.from({ length: 1 + this.random.below(3) }, () => {
      const stream = this.random.pick(streams).stream
      this.versions.set(stream, (this.versions.get(stream) ?? 0) + 1)
      return { stream, event: stocked(1 + this.random.below(100)) }
    })
    const append = { streams, events }
    this.appends.push(append)
    this.ids.push(...events.map(({ event }) => event.id))
    this.ends.add(this.ids.length)
    return append
  }
}

/** As a client does it: the same again until there is an answer. */
export async function untilTaken(log: EventStore, append: Append): Promise<void> {
  for (;;) {
    try {
      await log.append(append)
      return
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

/** What a restart on these files finds: the ids of its events. */
export async function reopened(files: Files, directory: string): Promise<string[]> {
  const { end } = await recover(files, directory, silent)
  const ids: string[] = []
  const reached = await walkLog(files, directory, LOG_START, ({ events }) => { ids.push(...events.map(({ event }) => event.id)) })
  expect(reached, 'the log ends where it was recovered to').to.deep.equal(end)
  return ids
}

/** The ids, or the refusal by file and byte. Anything else that is thrown is a fault. */
export async function outcome(files: Files, directory: string): Promise<string[] | DamagedLog> {
  try {
    return await reopened(files, directory)
  } catch (error) {
    if (error instanceof DamagedLog) return error
    throw error
  }
}

/** All that was answered, nothing else but whole appends, in order. */
export function requireHistory(found: readonly string[], history: History, answered: number, when: string): void {
  if (found.length < answered) throw new Error(`${answered - found.length} answered events are lost, ${when}`)
  if (!history.ends.has(found.length)) throw new Error(`an append is there by half, ${when}`)
  if (found.some((id, n) => id !== history.ids[n])) throw new Error(`other events stand there, ${when}`)
}
