import { expect } from 'chai'
import { EventEmitter } from 'node:events'
import { createLoad, type Load } from '../../src/presentation/http/load.ts'

const AT_ONCE = 3

describe('the load of a server', () => {
  let now: number
  let share: number
  let load: Load
  beforeEach(() => {
    [now, share] = [0, 0]
    load = createLoad(AT_ONCE, () => ({ utilization: share, active: 0, idle: 0 }), () => now)
  })

  /** As the server does it with what comes in. Returns how to finish it; undefined where it is refused. */
  function asked(): { whole(): void; answered(): Promise<void> } | undefined {
    if (load.isFull()) return undefined
    const request = new EventEmitter()
    let finish: () => void = () => undefined
    const done = load.run(request, () => new Promise((resolve) => { finish = resolve }))
    return {
      whole: () => request.emit('end'),
      answered() {
        finish()
        return done
      },
    }
  }

  function after(ms: number, utilization: number): void {
    now += ms
    share = utilization
  }

  it('is refused beyond a few at a time where it is busy, until one of them is answered', async () => {
    after(100, 0.9)
    const taken = Array.from({ length: AT_ONCE }, () => asked()!)
    for (const { whole } of taken) whole()
    expect(asked(), 'one more').to.equal(undefined)
    await taken[0]!.answered()
    expect(asked(), 'in its place').not.to.equal(undefined)
  })

  it('is taken whole where the server has time: a burst, and those who wait for something else', () => {
    after(100, 0.5)
    for (let n = 0; n < 1_000; n++) asked()!.whole()
  })

  it('is none of who has not sent all of a request, or has gone', async () => {
    after(100, 0.9)
    const halves = Array.from({ length: 10 }, () => asked()!)
    for (const half of halves) await half.answered()
    halves[0]!.whole()
    expect(asked()).not.to.equal(undefined)
  })

  it('is looked at again all the time', () => {
    after(100, 0.9)
    for (let n = 0; n < AT_ONCE; n++) asked()!.whole()
    expect(asked()).to.equal(undefined)
    after(100, 0.2)
    expect(asked()).not.to.equal(undefined)
  })
})
