import { expect } from 'chai'
import type { EventStore } from '../../src/application/ports.ts'
import { Workbench } from '../infrastructure/event-log/fixture.ts'
import { History, requireHistory, reopened } from './history.ts'
import { Random } from './random.ts'
import { SimulatedDisk } from './simulated-disk.ts'

const EVENTS = 200
const SEGMENT_BYTES_MAX = 4_096
const SEED = Number(process.env.SEED ?? 1)

describe(`an event log whose power is cut, seed ${SEED}`, () => {
  let bench: Workbench
  beforeEach(async () => { bench = await Workbench.create() })
  afterEach(async () => { await bench.remove() })

  it(`holds what was answered, and whole appends alone, wherever in ${EVENTS} events it is cut`, async () => {
    const random = new Random(SEED)
    const disk = new SimulatedDisk()
    const history = new History(random)
    const opened: { log?: EventStore } = {}
    let images = 0
    disk.onChange = async () => {
      const answered = opened.log?.head() ?? 0
      for (const image of disk.afterPowerCut(random)) {
        images += 1
        await cutWhileReopening(image, answered, images)
      }
    }

    /** Every fiftieth time the power is cut again, at every step of the recovery. */
    async function cutWhileReopening(image: SimulatedDisk, answered: number, number: number): Promise<void> {
      const when = `cut after call ${disk.calls}, disk ${number}, seed ${SEED}`
      if (number % 50 === 0) {
        image.onChange = async () => {
          for (const again of image.afterPowerCut(random)) requireHistory(await reopened(again, bench.directory), history, answered, `${when}, and again`)
        }
      }
      requireHistory(await reopened(image, bench.directory), history, answered, when)
    }

    const log = await bench.open({ files: disk, segmentBytesMax: SEGMENT_BYTES_MAX })
    opened.log = log
    while (history.ids.length < EVENTS) {
      await Promise.all(Array.from({ length: 1 + random.below(3) }, () => log.append(history.next())))
    }
    await log.close()
    requireHistory(await reopened(disk.onlyDurable(), bench.directory), history, history.ids.length, 'at the end')
    expect(disk.contents().length, 'segments').to.be.greaterThan(10)
    expect(images, 'disks that were opened').to.be.greaterThan(900)
  })
})
