import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventStore, Unavailable } from '../../src/application/ports.ts'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { silent } from '../application/test-inventory.ts'
import { everything, rejection } from '../infrastructure/event-log/fixture.ts'
import { History, requireHistory, reopened, untilTaken } from './history.ts'
import { Random } from './random.ts'
import { type Fault, SimulatedDisk } from './simulated-disk.ts'

const APPENDS = 20
const SEED = Number(process.env.SEED ?? 1)

describe(`an event log on a disk that fails, seed ${SEED}`, () => {
  let directory: string
  beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'failing-disk-')) })
  afterEach(async () => { await rm(directory, { recursive: true, force: true }) })

  const open = (disk: SimulatedDisk): Promise<EventStore & { failure(): string | undefined }> =>
    openEventLog({ directory, clock: { now: () => 0 }, logger: silent, files: disk, segmentBytesMax: 2_000 })

  /** The disk's calls in a history without a fault. */
  async function callsOf(): Promise<number> {
    const disk = new SimulatedDisk()
    const log = await open(disk)
    const history = new History(new Random(SEED))
    for (let n = 0; n < APPENDS; n++) await log.append(history.next())
    await log.close()
    await rm(directory, { recursive: true })
    return disk.calls
  }

  async function each(fault: Omit<Fault, 'call'>, check: (disk: SimulatedDisk, when: string) => Promise<void>): Promise<void> {
    const calls = await callsOf()
    // Up to the fifth call the log is made: then opening fails.
    for (let call = 6; call <= calls; call++) {
      const disk = new SimulatedDisk()
      disk.fault = { ...fault, call }
      await check(disk, `call ${call} failed, seed ${SEED}`)
      await rm(directory, { recursive: true })
    }
  }

  for (const part of [0, 0.5, 1]) {
    it(`goes on by itself after any call that fails with ${part} of it done, and does nothing twice`, async () => {
      await each({ part: part === 1 ? 0.999 : part }, async (disk, when) => {
        const log = await open(disk)
        const history = new History(new Random(SEED))
        for (let n = 0; n < APPENDS; n++) await untilTaken(log, history.next())
        expect((await everything(log)).map(({ id }) => id), when).to.deep.equal(history.ids)
        await log.close()
        requireHistory(await reopened(disk.onlyDurable(), directory), history, history.ids.length, when)
      })
    })
  }

  it('loses nothing where the process dies right after any call failed, another goes on, and then the power is cut', async () => {
    await each({ dead: true, part: 0.999 }, async (disk, when) => {
      const history = new History(new Random(SEED))
      const log = await open(disk)
      let answered = 0
      let refused: unknown
      while (refused === undefined && history.appends.length < APPENDS) {
        const append = history.next()
        await log.append(append).then(() => { answered = history.ids.length }, (error: unknown) => { refused = error })
      }
      if (refused !== undefined) expect(refused, when).to.be.instanceOf(Unavailable)
      await log.close()
      disk.revive()
      const next = await open(disk)
      requireHistory((await everything(next)).map(({ id }) => id), history, answered, `${when}, after the restart`)
      await next.append(history.appends.at(-1)!)
      requireHistory(await reopened(disk.onlyDurable(), directory), history, history.ids.length, `${when}, after the power cut`)
      await next.close()
    })
  })

  it('takes no writes while the disk is full, reads on, says why, and takes them again when there is room', async () => {
    const disk = new SimulatedDisk()
    const log = await open(disk)
    const history = new History(new Random(SEED))
    for (let n = 0; n < 5; n++) await log.append(history.next())
    const before = history.ids.length
    disk.room = 100
    expect(await rejection(log.append(history.next()))).to.be.instanceOf(Unavailable)
    expect(log.failure(), 'the reason').to.include('ENOSPC')
    expect(await everything(log), 'reads go on').to.have.length(before)
    const files = disk.contents().length
    for (let n = 0; n < 20; n++) {
      expect(await rejection(log.append(history.appends.at(-1)!))).to.be.instanceOf(Unavailable)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(log.failure(), 'the reason, later').to.include('ENOSPC')
    expect(disk.contents(), 'the full disk is not filled further').to.have.length(files)
    disk.room = 1_000_000
    while (log.failure() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    await log.append(history.appends.at(-1)!)
    await log.close()
    requireHistory(await reopened(disk.onlyDurable(), directory), history, history.ids.length, 'at the end')
  })
})
