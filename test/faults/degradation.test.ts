import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { Unavailable } from '../../src/application/ports.ts'
import { DegradedInventory } from './degradation.ts'

describe('a server whose event store is away', () => {
  let server: DegradedInventory

  beforeEach(async () => { server = await DegradedInventory.open() })
  afterEach(() => server.close())

  for (const mood of ['failing', 'hanging'] as const) {
    it(`${mood}: refuses commands without asking it, reads on, follows on, and goes on by itself, with nothing half-done or twice`, async () => {
      await server.whileAway(mood)
    })
  }

  it('hanging: does a command once that is sent again while its first try has not come back', async () => {
    server.files.set('hanging')
    const [first] = await Promise.allSettled([server.add('again')])
    expect(first).to.have.property('reason').that.is.instanceOf(Unavailable)
    const again = server.add('again')
    await wait(50)
    server.files.set('well')
    const [second] = await Promise.allSettled([again])
    if (second.status === 'rejected') expect(second.reason).to.be.instanceOf(Unavailable)
    await server.insist('again')
    expect(await server.onHand()).to.equal(1)
  })

  it('is asked by one command at a time whether it is back', async () => {
    expect(await server.probes(50), 'went through').to.equal(1)
  })

  it('slow: loses nothing and refuses nothing', async () => {
    server.files.set('slow')
    await Promise.all(Array.from({ length: 200 }, () => server.add()))
    expect(await server.onHand()).to.equal(200)
    expect(server.breaker).to.equal('CLOSED')
  })

  it('takes a bounded number of commands, and refuses what is more at once', async () => {
    server.files.set('hanging')
    const outcomes = Array.from({ length: 3_000 }, () => server.add().then(() => 'done', (error: unknown) => (error instanceof Unavailable ? error.message : error)))
    const told = await Promise.all(outcomes)
    expect(told.filter((outcome) => typeof outcome === 'string' && outcome.startsWith('1000 commands are being done')), 'refused at once').to.have.length(2_000)
    server.files.set('well')
    await server.insist()
  })
})
