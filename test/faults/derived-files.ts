import { expect } from 'chai'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Composition } from '../../src/compose.ts'
import type { Logger } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { caller } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'
import { MemoryLogger } from '../infrastructure/event-log/fixture.ts'
import { Random } from './random.ts'

const SKUS = Array.from({ length: 40 }, (_, n) => `SKU-${n}`)
const BLOCK_BYTES = 4_096

/** The files that are derived from the log, and what the log of the server says where one is made anew. */
export const DERIVED_FILES = { 'read-model.sqlite': /The read model can not be used/, 'index.sqlite': /The index of the log can not be used/ } as const
export type DerivedFile = keyof typeof DERIVED_FILES

/** A store of a few hundred events, whose derived files are damaged while no server runs. */
export class DerivedFilesBench {
  private constructor(private readonly directory: string) {}

  static async make(): Promise<DerivedFilesBench> {
    const bench = new DerivedFilesBench(await mkdtemp(join(tmpdir(), 'derived-')))
    await bench.opened(silent, async ({ inventory: { commands } }) => {
      await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
      for (const sku of SKUS) await commands.registerProduct({ sku, name: sku, barcode: null, unit: 'EACH', attributes: {} }, caller)
      const movements = SKUS.flatMap((sku, n) => Array.from({ length: 20 }, () => ({ sku, location: 'LIS', delta: n + 1 })))
      await commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
    })
    return bench
  }

  remove(): Promise<void> { return rm(this.directory, { recursive: true }) }

  /**
   * Damages the file so many times: blocks of noise, and at last cut short, emptied and gone. Throws where the answers
   * are not the same. Returns how often a log line said that it was made anew.
   */
  async damage(name: DerivedFile, times: number, seed: number): Promise<number> {
    const file = join(this.directory, name)
    const random = new Random(seed)
    const truth = await this.answers()
    let rebuilt = 0
    for (let n = 0; n < times; n++) {
      const whole = await readFile(file)
      const at = Math.floor(random.below(whole.length) / BLOCK_BYTES) * BLOCK_BYTES
      const [how, damage] = [
        [`a block of noise at ${at}`, () => writeFile(file, Buffer.from(whole).fill(random.below(255) + 1, at, Math.min(at + BLOCK_BYTES, whole.length)))],
        [`cut to ${at}`, () => writeFile(file, whole.subarray(0, at))],
        ['emptied', () => writeFile(file, '')],
        ['gone', () => rm(file)],
      ][Math.max(0, n - times + 4)] as [string, () => Promise<void>]
      await damage()
      const logger = new MemoryLogger()
      expect(await this.answers(logger), how).to.deep.equal(truth)
      if (logger.lines.some((text) => DERIVED_FILES[name].test(text))) rebuilt += 1
    }
    return rebuilt
  }

  private answers(logger: Logger = silent) {
    return this.opened(logger, async ({ inventory: { queries } }) => ({
      levels: (await queries.stockLevels(SKUS.map((sku) => ({ sku, location: 'LIS' })))).value,
      page: (await queries.productPage({ first: 100 })).items,
    }))
  }

  private async opened<Result>(logger: Logger, use: (composition: Composition) => Promise<Result>): Promise<Result> {
    const composition = await compose({ directory: this.directory, clock: systemClock, ids: uuidV7, logger })
    try {
      return await use(composition)
    } finally {
      await composition.close()
    }
  }
}
