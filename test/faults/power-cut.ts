import type { EventStore } from '../../src/application/ports.ts'
import { Workbench } from '../infrastructure/event-log/fixture.ts'
import { History, requireHistory, reopened } from './history.ts'
import { Random } from './random.ts'
import { SimulatedDisk } from './simulated-disk.ts'

export interface PowerCuts {
  /** Disks that were opened. */
  readonly images: number
  readonly segments: number
  /** Appends that were answered. */
  readonly appends: number
}

const SEGMENT_BYTES_MAX = 4_096
/** So often the power is cut again, at every step of the recovery. */
const AGAIN_EVERY = 50

/** A history of so many events, and at every call that changes the disk all that a power cut may leave of it. Throws where something is lost. */
export async function cutEverywhere(events: number, seed: number): Promise<PowerCuts> {
  const bench = await Workbench.create()
  try {
    return await new Cutting(bench, seed).run(events)
  } finally {
    await bench.remove()
  }
}

class Cutting {
  private readonly random: Random
  private readonly history: History
  private readonly disk = new SimulatedDisk()
  private images = 0

  constructor(private readonly bench: Workbench, private readonly seed: number) {
    this.random = new Random(seed)
    this.history = new History(this.random)
  }

  async run(events: number): Promise<PowerCuts> {
    const { bench, disk, history, random } = this
    const opened: { log?: EventStore } = {}
    disk.onChange = () => this.cut(opened.log?.head() ?? 0)
    const log = await bench.open({ files: disk, segmentBytesMax: SEGMENT_BYTES_MAX })
    opened.log = log
    while (history.ids.length < events) {
      await Promise.all(Array.from({ length: 1 + random.below(3) }, () => log.append(history.next())))
    }
    await log.close()
    requireHistory(await reopened(disk.onlyDurable(), bench.directory), history, history.ids.length, 'at the end')
    return { images: this.images, segments: disk.contents().length, appends: history.appends.length }
  }

  private async cut(answered: number): Promise<void> {
    for (const image of this.disk.afterPowerCut(this.random)) {
      this.images += 1
      await this.reopen(image, answered, `cut after call ${this.disk.calls}, disk ${this.images}, seed ${this.seed}`)
    }
  }

  private async reopen(image: SimulatedDisk, answered: number, when: string): Promise<void> {
    const { bench: { directory }, history, random } = this
    if (this.images % AGAIN_EVERY === 0) {
      image.onChange = async () => {
        for (const again of image.afterPowerCut(random)) requireHistory(await reopened(again, directory), history, answered, `${when}, and again`)
      }
    }
    requireHistory(await reopened(image, directory), history, answered, when)
  }
}
