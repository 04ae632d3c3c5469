import { expect } from 'chai'
import { stopUnderLoad } from './shutdown.ts'

describe('a server that is told to go under load', () => {
  it('answers what it has taken, takes no more, and tells subscribers where to go on', async () => {
    const { violations, acknowledged } = await stopUnderLoad()
    expect(violations).to.deep.equal([])
    expect(acknowledged).to.be.greaterThan(100)
  })
})
