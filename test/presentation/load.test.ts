import { expect } from 'chai'
import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { createLoad } from '../../src/presentation/http/load.ts'

describe('the load of a server', () => {
  let now: number
  const load = () => createLoad(() => now)
  beforeEach(() => { now = 0 })

  /** So many requests at once, each of which takes so long. Returns which were taken. */
  const requests = (target: ReturnType<typeof createLoad>, count: number, ms: number) => Array.from({ length: count }, () => {
    now += ms
    const response = new EventEmitter()
    return { isTaken: target.take(response), answered: () => response.emit('close') }
  })

  it('is a burst, however long it takes, and then no more until some of it is answered', async () => {
    const target = load()
    const burst = requests(target, 200, 1)
    expect(burst.map(({ isTaken }) => isTaken).indexOf(false)).to.equal(128)
    expect(requests(target, 1, 1)[0]!.isTaken, 'while all is worked on').to.equal(false)
    for (const { answered } of burst.slice(0, 10)) answered()
    await turn()
    expect(requests(target, 30, 1).filter(({ isTaken }) => isTaken), 'as much as there is time for').to.have.length(11)
  })

  it('is nothing to refuse where many wait, and the server has time', async () => {
    const target = load()
    expect(requests(target, 1_000, 0).every(({ isTaken }) => isTaken)).to.equal(true)
    await turn()
    now += 1_000
    expect(requests(target, 1_000, 0.001).every(({ isTaken }) => isTaken)).to.equal(true)
  })
})
