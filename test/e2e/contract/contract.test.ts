import { buildClientSchema, buildSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { type Api, apiOf } from './api.ts'
import * as catalogue from './catalogue.ts'
import { Coverage } from './coverage.ts'
import * as events from './events.ts'
import * as promises from './promises.ts'
import * as stock from './stock.ts'
import { webhooks } from './webhooks.ts'

/** In this order: each goes on from what those before it left. */
const SCENARIOS: readonly (readonly [what: string, scenario: (api: Api) => Promise<void>])[] = [
  ['products', catalogue.products],
  ['locations', catalogue.locations],
  ['commands on one stock level', stock.commands],
  ['movements', stock.movements],
  ['stock levels, now and then, and their history', stock.levels],
  ['pages of stock levels', stock.pages],
  ['the stock of a product and of a location', stock.holdings],
  ['reservations', promises.reservations],
  ['availability', promises.availability],
  ['transfers', promises.transfers],
  ['the audit trail', events.trail],
  ['nodes', events.nodes],
  ['the system', events.system],
  ['who asks', events.me],
  ['subscriptions to stock and events', events.stockChanged],
  ['alerts of low stock', events.lowStock],
  ['subscriptions to reservations', events.reservationChanged],
  ['webhooks', webhooks],
]

/** Null but where the server is in trouble: `test/faults/stale-answers.test.ts` asks for them then. */
const OF_STALE_ANSWERS = ['Availability.ageMs', 'StockLevel.ageMs', 'StockLevelConnection.ageMs']

const SECRET = 'a secret of the shop and the one who signs'
const ENDS_AT = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000)

describe('the contract, asked of a server', () => {
  let directory: string
  let server: ServerProcess
  let api: Api
  let coverage: Coverage

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-contract-'))
    coverage = new Coverage(buildSchema(await readFile('schema/schema.graphql', 'utf8')))
    server = await startServerProcess(directory, 0, { WEBHOOK_ALLOW: '127.0.0.1' })
    api = apiOf(server.url, coverage)
  })

  after(async () => {
    await api.close()
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  it('is the one that is written down, also where the sources are put together to one file', async () => {
    const answer = await server.query(getIntrospectionQuery()) as unknown as IntrospectionQuery
    const written = buildSchema(await readFile('schema/schema.graphql', 'utf8'))
    const names = (schema: GraphQLSchema) => Object.keys(schema.getTypeMap()).toSorted()
    expect(names(buildClientSchema(answer))).to.deep.equal(names(written))
  })

  for (const [what, scenario] of SCENARIOS) it(`answers for ${what}`, () => scenario(api))

  it('answers for who asks with a token', async () => {
    const token = await new SignJWT({ role: 'clerk', locations: ['LIS'] }).setProtectedHeader({ alg: 'HS256' }).setSubject('ana').setExpirationTime(ENDS_AT)
      .sign(new TextEncoder().encode(SECRET))
    const guarded = await startServerProcess(join(directory, 'guarded'), 0, { AUTH_JWT_SECRET: SECRET })
    const known = apiOf(guarded.url, coverage, token)
    try {
      const { me } = await known.ask('{ me { actor role locations expiresAt } }') as { me: object }
      expect(me).to.deep.equal({ actor: 'ana', role: 'CLERK', locations: ['LIS'], expiresAt: ENDS_AT.toISOString() })
    } finally {
      await known.close()
      await guarded.kill('SIGTERM')
    }
  })

  it('was asked for every field, argument and input, and answered with something', () => {
    expect(coverage.missing().filter((place) => !OF_STALE_ANSWERS.includes(place)), 'no scenario asks for these, or none is answered with anything').to.deep.equal([])
  })
})
