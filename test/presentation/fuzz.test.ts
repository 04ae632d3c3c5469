import { expect } from 'chai'
import fc from 'fast-check'
import { getNamedType, type GraphQLField, isCompositeType } from 'graphql'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { type Known, variablesOf } from './arbitrary-input.ts'
import { openShop, type Shop } from './shop.ts'
import type { GraphQLAnswer } from './test-server.ts'

const INPUTS = Number(process.env.FUZZ_INPUTS ?? 1_000)

interface Place { readonly operation: 'query' | 'mutation' | 'subscription'; readonly field: GraphQLField<unknown, unknown> }
interface Asked extends Place { readonly variables: Record<string, unknown> }

const schema = await createSchema()
const places: readonly Place[] = ([['query', schema.getQueryType()], ['mutation', schema.getMutationType()], ['subscription', schema.getSubscriptionType()]] as const)
  .flatMap(([operation, type]) => Object.values(type?.getFields() ?? {}).filter(({ args }) => args.length > 0).map((field) => ({ operation, field })))

/** Asks for the field with all its arguments as variables. */
function documentOf({ operation, field: { name, args, type } }: Place): string {
  const payload = operation === 'mutation' ? '{ userErrors { code message field } }' : isCompositeType(getNamedType(type)) ? '{ __typename }' : ''
  return `${operation}(${args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')}) { ${name}(${args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}) ${payload} }`
}

describe('any input at all', () => {
  let shop: Shop
  let asked = 0

  before(async () => { shop = await openShop() })
  after(() => shop.server.close())

  /** What the shop has, and cursors of its log and of none. */
  async function known(): Promise<Known> {
    const found = new Set<string>(['TEA', 'OLD', 'LIS', 'POR', 'SHUT', 'EMPTY'])
    JSON.stringify(shop.goods, (_key, value: unknown) => {
      if (typeof value === 'string') found.add(value)
      return value
    })
    const { system } = (await shop.server.data('{ system { cursor } }')) as { system: { cursor: string } }
    return { texts: [...found], cursors: [system.cursor, 'b3RoZXI6MQ'] }
  }

  async function ask({ variables, ...place }: Asked): Promise<{ readonly status: number; readonly answer: GraphQLAnswer; readonly correlationId: string }> {
    const correlationId = `fuzz-${++asked}`
    const response = await fetch(`${shop.server.url}/graphql`, {
      method: 'POST', body: JSON.stringify({ query: documentOf(place), variables }), headers: { 'content-type': 'application/json', 'x-correlation-id': correlationId },
    })
    return { status: response.status, answer: (await response.json()) as GraphQLAnswer, correlationId }
  }

  const isUntouched = (): boolean => Object.keys(Object.prototype).length === 0 && Object.keys(Array.prototype).length === 0 && !('polluted' in {})

  /** What was not taken has appended nothing; but for rows that are skipped, which the others are not. */
  async function check({ variables, ...place }: Asked): Promise<void> {
    const before = shop.server.test.store.head()
    const { status, answer, correlationId } = await ask({ ...place, variables })
    const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code)
    expect(status, JSON.stringify(answer)).to.be.below(500)
    expect(codes, JSON.stringify(answer)).to.not.include('INTERNAL')
    expect(isUntouched(), 'a prototype was polluted').to.equal(true)
    const payload = (answer.data as Record<string, { userErrors?: object[] } | null> | null | undefined)?.[place.field.name]
    const isRefused = codes.length > 0 || (payload?.userErrors?.length ?? 0) > 0
    if (place.operation !== 'mutation' || (isRefused && JSON.stringify(variables).includes('SKIP_FAILED'))) return
    const { events } = await shop.server.test.store.find({ correlationId }, { first: 1, after: before })
    if (isRefused) expect(events, `${place.field.name} was refused and appended`).to.deep.equal([])
  }

  it(`is answered or refused, and never fails (${INPUTS} inputs over ${places.length} fields of the schema)`, async () => {
    const names = await known()
    const overHttp = places.filter(({ operation }) => operation !== 'subscription')
    const arbitrary = fc.constantFrom(...overHttp).chain((place) => variablesOf(place.field.args, names).map((variables): Asked => ({ ...place, variables })))
    await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: INPUTS, interruptAfterTimeLimit: 500_000 })
  }).timeout(600_000)

  it('is answered or refused on a socket too', async () => {
    const names = await known()
    const subscriptions = places.filter(({ operation }) => operation === 'subscription')
    const arbitrary = fc.constantFrom(...subscriptions).chain((place) => variablesOf(place.field.args, names).map((variables): Asked => ({ ...place, variables })))
    const inputs = fc.sample(arbitrary, Math.ceil(INPUTS / 10))
    const socket = new WebSocket(`${shop.server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const failures: string[] = []
    let pongs = 0
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text === '{"type":"pong"}') pongs++
      else if (text.includes('"INTERNAL"')) failures.push(text)
    })
    await once(socket, 'open')
    const closed = once(socket, 'close').then(([code, reason]: unknown[]) => { throw new Error(`The socket was closed with ${String(code)} ${String(reason)}.`) })
    closed.catch(() => undefined)
    socket.send('{"type":"connection_init"}')
    await once(socket, 'message')
    for (const [id, { variables, ...place }] of inputs.entries()) {
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: documentOf(place), variables } }))
      socket.send(JSON.stringify({ id: String(id), type: 'complete' }))
      socket.send('{"type":"ping"}')
      while (pongs <= id) await Promise.race([once(socket, 'message'), closed])
    }
    socket.terminate()
    expect(failures).to.deep.equal([])
    expect(isUntouched()).to.equal(true)
  }).timeout(300_000)
})
