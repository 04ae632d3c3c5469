import { expect } from 'chai'
import SqliteDatabase from 'better-sqlite3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compose, type Composition } from '../../src/compose.ts'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { at, caller, LISBON, MUG } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'

/** Longer than answers are given from the cache without asking. */
const LATER_MS = 45_000
const LEVEL = '{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } stale ageMs } }'
const PAGE = '{ stockLevels { nodes { quantities { onHand } stale ageMs } stale ageMs } }'

describe('answers of a server whose read model is away', () => {
  const clock = createManualClock()
  let directory: string
  let composition: Composition
  let server: HttpServer

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stale-'))
    composition = await compose({ directory, clock, ids: uuidV7, logger: silent })
    const { commands } = composition.inventory
    await commands.registerProduct(MUG, caller)
    await commands.openLocation(LISBON, caller)
    await commands.addStock({ ...at, quantity: 3, reason: 'FOUND' }, caller)
    server = await startHttpServer({ inventory: composition.inventory, authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next() })
  })
  afterEach(async () => {
    await server.close()
    await composition.close()
    await rm(directory, { recursive: true })
  })

  const ask = async (query: string): Promise<{ data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] }> => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body: JSON.stringify({ query }), headers: { 'content-type': 'application/json' } })
    return await response.json() as { data?: Record<string, unknown> }
  }

  /** Somebody else takes a table of its file away, or gives it back. */
  function rename(from: string, to: string): void {
    const database = new SqliteDatabase(join(directory, 'read-model.sqlite'))
    database.exec(`alter table ${from} rename to ${to}`)
    database.close()
  }

  it('are the earlier ones, say that they are stale and how old, and are of now again without a restart', async () => {
    const level = { quantities: { onHand: 3 }, stale: false, ageMs: null }
    const page = { nodes: [level], stale: false, ageMs: null }
    expect(await ask(LEVEL)).to.deep.equal({ data: { stockLevel: level } })
    expect(await ask(PAGE)).to.deep.equal({ data: { stockLevels: page } })

    rename('stock_levels', 'gone')
    clock.advance(LATER_MS)
    const stale = { stale: true, ageMs: LATER_MS }
    expect(await ask(LEVEL)).to.deep.equal({ data: { stockLevel: { ...level, ...stale } } })
    expect(await ask(PAGE)).to.deep.equal({ data: { stockLevels: { nodes: [{ ...level, ...stale }], ...stale } } })
    expect((await ask('{ stockLevels(first: 7) { totalCount } }')).errors?.[0]?.extensions.code, 'what was never answered').to.equal('UNAVAILABLE')
    const basket = '{ checkAvailability(lines: [{ sku: "MUG", quantity: 1 }]) { isAvailable } }'
    expect((await ask(basket)).errors?.[0]?.extensions.code, 'a promise that nobody can vouch for').to.equal('UNAVAILABLE')

    rename('gone', 'stock_levels')
    while (((await ask(LEVEL)).data?.stockLevel as { stale: boolean }).stale) await wait(10)
    expect(await ask(LEVEL)).to.deep.equal({ data: { stockLevel: level } })
  })
})
