import { expect } from 'chai'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { caller } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'
import { MemoryLogger } from '../infrastructure/event-log/fixture.ts'
import { Random } from './random.ts'

const SEED = Number(process.env.SEED ?? 1)
const DAMAGES = 12
const SKUS = Array.from({ length: 40 }, (_, n) => `SKU-${n}`)
const BLOCK_BYTES = 4_096
const LOG_LINES = { 'read-model.sqlite': /The read model can not be used/, 'index.sqlite': /The index of the log can not be used/ }

describe(`files that are derived from the log and damaged, seed ${SEED}`, () => {
  let directory: string

  async function opened<Result>(logger: MemoryLogger | typeof silent, use: (composition: Awaited<ReturnType<typeof compose>>) => Promise<Result>): Promise<Result> {
    const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger })
    try {
      return await use(composition)
    } finally {
      await composition.close()
    }
  }

  const answers = (logger: MemoryLogger | typeof silent = silent) => opened(logger, async ({ inventory: { queries } }) => ({
    levels: (await queries.stockLevels(SKUS.map((sku) => ({ sku, location: 'LIS' })))).value,
    page: (await queries.productPage({ first: 100 })).items,
  }))

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'derived-'))
    await opened(silent, async ({ inventory: { commands } }) => {
      await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
      for (const sku of SKUS) await commands.registerProduct({ sku, name: sku, barcode: null, unit: 'EACH', attributes: {} }, caller)
      const movements = SKUS.flatMap((sku, n) => Array.from({ length: 20 }, () => ({ sku, location: 'LIS', delta: n + 1 })))
      await commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
    })
  })
  after(async () => { await rm(directory, { recursive: true }) })

  for (const [name, line] of Object.entries(LOG_LINES)) {
    it(`${name}: blocks overwritten, cut short, emptied or gone, the answers stay the same, and a log line says what was made anew`, async () => {
      const file = join(directory, name)
      const random = new Random(SEED)
      const truth = await answers()
      let rebuilt = 0
      for (let n = 0; n < DAMAGES; n++) {
        const whole = await readFile(file)
        const at = Math.floor(random.below(whole.length) / BLOCK_BYTES) * BLOCK_BYTES
        const [how, damage] = [
          [`a block of noise at ${at}`, () => writeFile(file, Buffer.from(whole).fill(random.below(255) + 1, at, Math.min(at + BLOCK_BYTES, whole.length)))],
          [`cut to ${at}`, () => writeFile(file, whole.subarray(0, at))],
          ['emptied', () => writeFile(file, '')],
          ['gone', () => rm(file)],
        ][n < DAMAGES - 3 ? 0 : n - DAMAGES + 4] as [string, () => Promise<void>]
        await damage()
        const logger = new MemoryLogger()
        expect(await answers(logger), how).to.deep.equal(truth)
        if (logger.lines.some((text) => line.test(text))) rebuilt += 1
      }
      expect(rebuilt, 'log lines of something made anew').to.be.greaterThan(DAMAGES / 3)
    })
  }
})
