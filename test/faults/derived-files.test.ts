import { expect } from 'chai'
import { DERIVED_FILES, type DerivedFile, DerivedFilesBench } from './derived-files.ts'

const SEED = Number(process.env.SEED ?? 1)
const DAMAGES = 12

describe(`files that are derived from the log and damaged, seed ${SEED}`, () => {
  let bench: DerivedFilesBench

  before(async () => { bench = await DerivedFilesBench.make() })
  after(() => bench.remove())

  for (const name of Object.keys(DERIVED_FILES) as DerivedFile[]) {
    it(`${name}: blocks overwritten, cut short, emptied or gone, the answers stay the same, and a log line says what was made anew`, async () => {
      expect(await bench.damage(name, DAMAGES, SEED), 'log lines of something made anew').to.be.greaterThan(DAMAGES / 3)
    })
  }
})
