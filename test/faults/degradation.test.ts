import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compose, type Composition } from '../../src/compose.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { at, caller, eventsOf, LISBON, MUG } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'
import { type Mood, WaywardFiles } from './wayward-files.ts'

/** Longer than a sync of a busy machine takes. */
const CALL_MS_MAX = 2_000
const WRITING = 'event store for writing'

const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await wait(2) }

describe('a server whose event store is away', () => {
  let directory: string
  let files: WaywardFiles
  let composition: Composition
  let keys = 0

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'degradation-'))
    files = new WaywardFiles()
    composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, files, callMsMax: CALL_MS_MAX })
    const { commands } = composition.inventory
    await commands.registerProduct(MUG, caller)
    await commands.openLocation(LISBON, caller)
  })
  afterEach(async () => {
    files.set('well')
    await composition.close()
    await rm(directory, { recursive: true })
  })

  const add = (idempotencyKey = `k${++keys}`) => composition.inventory.commands.addStock({ ...at, quantity: 1, reason: 'FOUND', idempotencyKey }, caller)
  const level = async () => (await composition.inventory.queries.stockLevels([at]))
  const breaker = () => composition.inventory.status().breakers.find(({ name }) => name === WRITING)!

  /** Asks until the breaker is open. Returns the keys that were asked with. */
  async function opened(): Promise<string[]> {
    const asked: string[] = []
    while (breaker().state !== 'OPEN') {
      const some = Array.from({ length: 5 }, () => `k${++keys}`)
      asked.push(...some)
      for (const outcome of await Promise.allSettled(some.map((key) => add(key)))) {
        if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(Unavailable)
      }
    }
    return asked
  }

  for (const mood of ['failing', 'hanging'] as Mood[]) {
    it(`${mood}: refuses commands without asking it, reads on, follows on, and goes on by itself, with nothing half-done or twice`, async () => {
      const { inventory, store } = composition
      const followed: number[] = []
      const changes = inventory.changes.stock({})
      const following = (async () => { for await (const { position } of changes) followed.push(position) })()
      await add()
      files.set(mood)
      const asked = await opened()
      expect(inventory.status().reasons.join(' '), 'the reason').to.include(WRITING)
      const { syncs } = files
      const refusals = await Promise.allSettled(Array.from({ length: 20 }, () => add()))
      for (const refusal of refusals) expect(refusal).to.have.property('reason').that.is.instanceOf(Unavailable).with.property('retryAfterMs').that.is.greaterThan(0)
      if (mood === 'hanging') expect(files.syncs, 'syncs that were asked for meanwhile').to.equal(syncs)
      expect((await level()).value[0]?.onHand, 'reads go on').to.equal(1)
      files.set('well')
      for (const key of [...asked, 'last']) while (await add(key).then(() => false, () => true)) await wait(10)
      expect((await level()).value[0]?.onHand, 'each once').to.equal(2 + asked.length)
      const positions = (await eventsOf(store)).filter(({ type }) => type === 'StockAdded').map(({ position }) => position)
      await until(() => followed.length >= positions.length)
      expect(followed, 'what the subscriber was told').to.deep.equal(positions)
      expect(breaker().state).to.equal('CLOSED')
      await changes.return?.()
      await following
    })
  }

  it('hanging: does a command once that is sent again while its first try has not come back', async () => {
    files.set('hanging')
    const [first] = await Promise.allSettled([add('again')])
    expect(first).to.have.property('reason').that.is.instanceOf(Unavailable)
    const again = add('again')
    await wait(50)
    files.set('well')
    const [second] = await Promise.allSettled([again])
    if (second.status === 'rejected') expect(second.reason).to.be.instanceOf(Unavailable)
    while (await add('again').then(() => false, () => true)) await wait(10)
    expect((await level()).value[0]?.onHand).to.equal(1)
  })

  it('is asked by one command at a time whether it is back', async () => {
    files.set('hanging')
    await opened()
    await until(() => breaker().state === 'HALF_OPEN')
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => add()))
    const probes = outcomes.filter((outcome) => outcome.status === 'rejected' && String(outcome.reason).includes('may still do'))
    expect(probes, 'went through').to.have.length(1)
  })

  it('slow: loses nothing and refuses nothing', async () => {
    files.set('slow')
    await Promise.all(Array.from({ length: 200 }, () => add()))
    expect((await level()).value[0]?.onHand).to.equal(200)
    expect(breaker().state).to.equal('CLOSED')
  })

  it('takes a bounded number of commands, and refuses what is more at once', async () => {
    files.set('hanging')
    const outcomes = Array.from({ length: 3_000 }, () => add().then(() => 'done', (error: unknown) => (error instanceof Unavailable ? error.message : error)))
    const told = await Promise.all(outcomes)
    expect(told.filter((outcome) => typeof outcome === 'string' && outcome.startsWith('1000 commands are being done')), 'refused at once').to.have.length(2_000)
    files.set('well')
    while (await add().then(() => false, () => true)) await wait(10)
  })
})
