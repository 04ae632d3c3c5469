import { expect } from 'chai'
import { DamageBench } from './damage.ts'

const SEED = Number(process.env.SEED ?? 3)

describe(`a damaged event log, seed ${SEED}`, () => {
  let bench: DamageBench

  before(async () => { bench = await DamageBench.make(SEED) })
  after(() => bench.remove())

  it('is refused by file and byte wherever a byte is flipped', async () => {
    expect(await bench.flipEveryByte()).to.be.greaterThan(5_000)
  })

  it('is refused or opens with the batches before, at whatever length it is cut', async () => {
    expect(await bench.cutEveryLength()).to.be.greaterThan(2_000)
  })

  it('is refused where a block is zeroed, or has lost its last batches where they end in it', async () => {
    expect(await bench.zeroEveryBlock()).to.be.greaterThan(5)
  })

  it('is refused where a record is doubled, left out or changes places with the next', async () => {
    expect(await bench.disorderRecords()).to.be.greaterThan(50)
  })

  it('never opens with less than its index knows of, and is refused where a segment is gone', async () => {
    expect(await bench.takeAway()).to.be.greaterThan(20)
  })

  it('is never read wrongly while a server runs: the event is refused by file and byte', async () => {
    expect(await bench.damageWhileRunning()).to.be.greaterThan(100)
  })

  it('builds a damaged index anew, with a log line', async () => {
    expect(await bench.damageIndex()).to.be.greaterThan(3)
  })
})
