import { expect } from 'chai'
import { callerId, createCallers } from '../../src/presentation/callers.ts'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'

describe('callers', () => {
  for (const [actor, address, wanted] of [
    ['till-7', '10.0.0.1', 'actor:till-7'],
    [undefined, '10.0.0.1', 'address:10.0.0.1'],
    [undefined, '::ffff:10.0.0.1', 'address:10.0.0.1'],
    [undefined, '2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2'],
    [undefined, '2001:db8:1:2::6', 'address:2001:db8:1:2'],
    [undefined, '2001:db8::6', 'address:2001:db8:0:0'],
    [undefined, '::1', 'address:0:0:0:0'],
    [undefined, undefined, 'address:'],
  ] as const) {
    it(`knows ${actor ?? 'nobody'} at ${address ?? 'nowhere'} as ${wanted}`, () => { expect(callerId(actor, address)).to.equal(wanted) })
  }

  it('counts what each has open for itself, and lets go once', () => {
    const { connect } = createCallers({ ...DEFAULT_LIMITS.caller, connectionsMax: 2 })
    const [first, second] = [connect('a'), connect('a')]
    expect(connect('a')).to.equal(undefined)
    expect(connect('b')).to.not.equal(undefined)
    first!()
    first!()
    expect(connect('a')).to.not.equal(undefined)
    expect(connect('a'), 'a place was let go twice').to.equal(undefined)
    second!()
    expect(connect('a')).to.not.equal(undefined)
  })

  it('gives each its own share of requests and of work', async () => {
    const { request, work } = createCallers({ ...DEFAULT_LIMITS.caller, requestsPerSecond: 1, costPerSecond: 10 })
    for (let asked = 1; asked <= 10; asked++) await request('a')
    const refused = await request('a').then(() => undefined, (error: unknown) => error)
    expect(refused).to.have.nested.property('extensions.code', 'RATE_LIMITED')
    await request('b')
    await work('a', 100)
    expect(await work('a', 1).then(() => undefined, (error: unknown) => error)).to.have.nested.property('extensions.code', 'RATE_LIMITED')
    await work('b', 100)
  })
})
