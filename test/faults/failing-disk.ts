import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Unavailable } from '../../src/application/ports.ts'
import { type EmbeddedEventStore, openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { silent } from '../application/test-inventory.ts'
import { everything, rejection } from '../infrastructure/event-log/fixture.ts'
import { History, requireHistory, reopened, untilTaken } from './history.ts'
import { Random } from './random.ts'
import { type Fault, SimulatedDisk } from './simulated-disk.ts'
import { NOTHING, type Tally } from './tally.ts'

/** How much of a call that fails is done all the same. */
export const DONE_PARTS = [0, 0.5, 0.999] as const
/** Up to the fifth call the log is made: then opening fails. */
const CALLS_OF_OPENING = 5
const SEGMENT_BYTES_MAX = 2_000

/** A log on a simulated disk of which each call fails once, in a history of so many events. Throws where something is lost or done twice. */
export class FailingDisk {
  private directory = ''

  constructor(private readonly events: number, private readonly seed: number) {}

  /** It goes on by itself, and its clients until they have an answer. */
  recovers(part: number): Promise<Tally> {
    return this.eachCall({ part }, async (disk, when) => {
      const history = new History(new Random(this.seed))
      const log = await this.open(disk)
      while (history.ids.length < this.events) await untilTaken(log, history.next())
      expect((await everything(log)).map(({ id }) => id), when).to.deep.equal(history.ids)
      await log.close()
      requireHistory(await reopened(disk.onlyDurable(), this.directory), history, history.ids.length, when)
      return { ...NOTHING, cycles: 1, acknowledged: history.appends.length }
    })
  }

  /** The process dies right after the call failed, another goes on, and then the power is cut. */
  dies(): Promise<Tally> {
    return this.eachCall({ dead: true, part: DONE_PARTS[2] }, async (disk, when) => {
      const history = new History(new Random(this.seed))
      const log = await this.open(disk)
      let [answered, acknowledged] = [0, 0]
      let refused: unknown
      while (refused === undefined && history.ids.length < this.events) {
        await log.append(history.next()).then(() => { answered = history.ids.length; acknowledged += 1 }, (error: unknown) => { refused = error })
      }
      if (refused !== undefined) expect(refused, when).to.be.instanceOf(Unavailable)
      await log.close()
      disk.revive()
      const next = await this.open(disk)
      requireHistory((await everything(next)).map(({ id }) => id), history, answered, `${when}, after the restart`)
      await next.append(history.appends.at(-1)!)
      requireHistory(await reopened(disk.onlyDurable(), this.directory), history, history.ids.length, `${when}, after the power cut`)
      await next.close()
      return { ...NOTHING, cycles: 1, acknowledged: acknowledged + 1, refused: refused === undefined ? 0 : 1 }
    })
  }

  /** It runs full and is freed: no writes meanwhile, reads and the reason, and writes again afterwards. */
  runsFull(): Promise<Tally> {
    return this.inFolder(async () => {
      const [disk, history] = [new SimulatedDisk(), new History(new Random(this.seed))]
      const log = await this.open(disk)
      while (history.ids.length < this.events) await log.append(history.next())
      const before = history.ids.length
      disk.room = 100
      expect(await rejection(log.append(history.next()))).to.be.instanceOf(Unavailable)
      expect(log.failure(), 'the reason').to.include('ENOSPC')
      expect(await everything(log), 'reads go on').to.have.length(before)
      const files = disk.contents().length
      const refused = 20
      for (let n = 0; n < refused; n++) {
        expect(await rejection(log.append(history.appends.at(-1)!))).to.be.instanceOf(Unavailable)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      expect(log.failure(), 'the reason, later').to.include('ENOSPC')
      expect(disk.contents(), 'the full disk is not filled further').to.have.length(files)
      disk.room = 1_000_000
      while (log.failure() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
      await log.append(history.appends.at(-1)!)
      await log.close()
      requireHistory(await reopened(disk.onlyDurable(), this.directory), history, history.ids.length, 'at the end')
      return { ...NOTHING, cycles: 1, acknowledged: history.appends.length, refused: refused + 1 }
    })
  }

  private async eachCall(fault: Omit<Fault, 'call'>, check: (disk: SimulatedDisk, when: string) => Promise<Tally>): Promise<Tally> {
    const calls = await this.calls()
    let [cycles, acknowledged, refused] = [0, 0, 0]
    for (let call = CALLS_OF_OPENING + 1; call <= calls; call++) {
      const disk = new SimulatedDisk()
      disk.fault = { ...fault, call }
      const tally = await this.inFolder(() => check(disk, `call ${call} failed, seed ${this.seed}`))
      cycles += tally.cycles
      acknowledged += tally.acknowledged
      refused += tally.refused
    }
    return { ...NOTHING, cycles, acknowledged, refused }
  }

  /** The disk's calls in a history without a fault. */
  private async calls(): Promise<number> {
    const disk = new SimulatedDisk()
    await this.inFolder(async () => {
      const history = new History(new Random(this.seed))
      const log = await this.open(disk)
      while (history.ids.length < this.events) await log.append(history.next())
      await log.close()
    })
    return disk.calls
  }

  private async inFolder<Result>(use: () => Promise<Result>): Promise<Result> {
    this.directory = await mkdtemp(join(tmpdir(), 'failing-disk-'))
    try {
      return await use()
    } finally {
      await rm(this.directory, { recursive: true, force: true })
    }
  }

  private open(disk: SimulatedDisk): Promise<EmbeddedEventStore> {
    return openEventLog({ directory: this.directory, clock: { now: () => 0 }, logger: silent, files: disk, segmentBytesMax: SEGMENT_BYTES_MAX })
  }
}
