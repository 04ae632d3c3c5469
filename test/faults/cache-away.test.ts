import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Composition } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { at, caller, LISBON, MUG } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'
import { describeWithRedis } from '../services/redis.ts'

const ROUNDS = 20

describeWithRedis('a server whose cache on Redis comes and goes', (redis) => {
  let directory: string
  let composition: Composition
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cache-away-'))
    composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, nodes: { cacheUrl: redis().url } })
    await composition.inventory.commands.registerProduct(MUG, caller)
    await composition.inventory.commands.openLocation(LISBON, caller)
  })
  afterEach(async () => {
    await composition.close()
    await rm(directory, { recursive: true })
  })

  /** Every answer after a change shows it. */
  async function changesAreSeen(): Promise<void> {
    const { commands, queries } = composition.inventory
    for (let n = 0; n < ROUNDS; n += 1) {
      const { result } = await commands.addStock({ ...at, quantity: 1, reason: 'FOUND' }, caller)
      const [one, page] = await Promise.all([queries.stockLevels([at]), queries.stockPage({ first: 1, orderBy: 'SKU', direction: 'ASC' })])
      expect([one.value[0]?.onHand, page.items[0]?.onHand, one.stale, page.stale]).to.deep.equal([result.onHand, result.onHand, false, false])
    }
  }

  it('shows every change at once and stays ready, whether it is there, dead, hanging or back', async () => {
    const isReady = () => { expect(composition.inventory.status().reasons).to.deep.equal([]) }
    await changesAreSeen()
    await redis().kill()
    await changesAreSeen()
    isReady()
    expect(composition.inventory.status().breakers.map(({ name }) => name)).to.include('cache')
    await redis().start()
    await changesAreSeen()
    redis().hang()
    await changesAreSeen().finally(() => { redis().goOn() })
    isReady()
    await changesAreSeen()
  })
})
