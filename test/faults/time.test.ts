import { expect } from 'chai'
import { standStill, stepAheadAndBack, whileMeddled } from './time.ts'

const STOPPED_MS = 2_000

describe('a server under load', () => {
  it('whose clock jumps an hour ahead and an hour back ends no reservation, numbers as ever and stalls nowhere', async () => {
    const { violations, acknowledged } = await whileMeddled(stepAheadAndBack)
    expect(violations).to.deep.equal([])
    expect(acknowledged).to.be.greaterThan(40)
  })

  it('that is stopped for a while goes on where it was', async () => {
    const { violations, acknowledged } = await whileMeddled(standStill(STOPPED_MS))
    expect(violations).to.deep.equal([])
    expect(acknowledged).to.be.greaterThan(40)
  })
})
