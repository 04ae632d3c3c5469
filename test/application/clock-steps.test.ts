import { expect } from 'chai'
import { createClockSteps } from '../../src/application/clock-steps.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

describe('the steps of the clock', () => {
  let wall: number
  let elapsed: number
  let warnings: number
  let isBelieved: () => boolean
  const passes = (ms: number): void => { wall += ms; elapsed += ms }

  beforeEach(() => {
    wall = 1_800_000_000_000
    elapsed = 5_000
    warnings = 0
    isBelieved = createClockSteps({ clock: { now: () => wall }, elapsed: () => elapsed, logger: { warn: () => { warnings += 1 } } })
  })

  it('are none while time goes by, also where the process stood still for long, or the clock is corrected a little', () => {
    passes(200)
    expect(isBelieved()).to.equal(true)
    passes(8 * HOUR)
    expect(isBelieved()).to.equal(true)
    for (let n = 0; n < 100; n++) {
      passes(200)
      wall += 30_000
      expect(isBelieved()).to.equal(true)
    }
    expect(warnings).to.equal(0)
  })
  it('ahead are not believed, and told once; put right, it is believed again', () => {
    wall += HOUR
    for (let n = 0; n < 10; n++) {
      expect(isBelieved()).to.equal(false)
      passes(MINUTE)
    }
    wall -= HOUR
    expect(isBelieved()).to.equal(true)
    expect(warnings).to.equal(1)
  })
  it('ahead are believed once the clock has stood there for a while', () => {
    wall += HOUR
    expect(isBelieved()).to.equal(false)
    passes(16 * MINUTE)
    expect(isBelieved()).to.equal(true)
    passes(MINUTE)
    expect(isBelieved()).to.equal(true)
  })
  it('back end nothing, and neither does the way forth again', () => {
    wall -= HOUR
    expect(isBelieved()).to.equal(true)
    passes(MINUTE)
    wall += HOUR
    expect(isBelieved()).to.equal(true)
    wall += HOUR
    expect(isBelieved()).to.equal(false)
  })
})
