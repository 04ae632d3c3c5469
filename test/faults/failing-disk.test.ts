import { expect } from 'chai'
import { DONE_PARTS, FailingDisk } from './failing-disk.ts'

const EVENTS = 30
const CALLS_MIN = 50
const SEED = Number(process.env.SEED ?? 1)

describe(`an event log on a disk that fails, seed ${SEED}`, () => {
  const failing = new FailingDisk(EVENTS, SEED)

  for (const part of DONE_PARTS) {
    it(`goes on by itself after any call that fails with ${part} of it done, and does nothing twice`, async () => {
      expect((await failing.recovers(part)).cycles).to.be.greaterThan(CALLS_MIN)
    })
  }

  it('loses nothing where the process dies right after any call failed, another goes on, and then the power is cut', async () => {
    expect((await failing.dies()).cycles).to.be.greaterThan(CALLS_MIN)
  })

  it('takes no writes while the disk is full, reads on, says why, and takes them again when there is room', async () => {
    await failing.runsFull()
  })
})
