import { expect } from 'chai'
import { cutEverywhere } from './power-cut.ts'

const EVENTS = 200
const SEED = Number(process.env.SEED ?? 1)

describe(`an event log whose power is cut, seed ${SEED}`, () => {
  it(`holds what was answered, and whole appends alone, wherever in ${EVENTS} events it is cut`, async () => {
    const { segments, images } = await cutEverywhere(EVENTS, SEED)
    expect(segments, 'segments').to.be.greaterThan(10)
    expect(images, 'disks that were opened').to.be.greaterThan(900)
  })
})
