import { expect } from 'chai'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { States } from '../../src/application/states.ts'

const STREAM = 'stock:MUG@LIS'
const at = (version: number) => ({ stream: STREAM, version }) as RecordedEvent

describe('the states that commands decide on', () => {
  const held = { state: 'one', version: 1, eventId: 'e-1' }
  const begun = () => {
    const states = new States({ head: () => 0, readStream: () => Promise.resolve([]) }, { checkpoint: () => 0, row: () => undefined })
    return { states, advance: states.advance(STREAM, held, Promise.resolve()) }
  }

  it('are what was decided here, once that is done', () => {
    const { states, advance } = begun()
    states.passed([at(1)])
    advance.done()
    expect(states.get(STREAM)).to.equal(held)
  })

  it('are asked for anew where another node had gone on before it was known here to be done', () => {
    const { states, advance } = begun()
    states.passed([at(1), at(2)])
    advance.done()
    expect(states.get(STREAM)).to.equal(undefined)
  })
})
