import { expect } from 'chai'
import { createClient } from 'graphql-ws'
import { GraphQLObjectType } from 'graphql'
import { SignJWT } from 'jose'
import { once } from 'node:events'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { isAtLeast, type Role, ROLES } from '../../src/application/access/identity.ts'
import { type Permission, PERMISSIONS } from '../../src/application/access/permissions.ts'
import { requireToken } from '../../src/infrastructure/auth/authenticator.ts'
import { createJwtAuthenticator } from '../../src/infrastructure/auth/jwt.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { encodeCursor } from '../../src/presentation/graphql/cursor.ts'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { MUTATIONS, type Place, QUERIES, type Row, SUBSCRIPTIONS } from './permissions.rows.ts'
import { openTestServer, type TestServer } from './test-server.ts'

type Root = keyof typeof PERMISSIONS
interface Answer { readonly data?: Record<string, unknown> | null; readonly errors?: readonly { extensions?: { code?: string } }[] }
type Ask = (operation: string) => Promise<Answer>
/** Each role, bound to LIS and bound to nothing, over both transports. */
interface Caller { readonly role: Role; readonly isBound: boolean; readonly http: Ask; readonly socket: { readonly ask: Ask; close(): void } }

const ROWS: Readonly<Record<Root, Readonly<Record<string, Row>>>> = { Query: QUERIES, Mutation: MUTATIONS, Subscription: SUBSCRIPTIONS }
const ROOTS = Object.keys(ROWS) as Root[]
const SECRET = 'a secret of the shop and the one who signs'
const caller = { correlationId: 'c-1' }

const tokenOf = (role: Role, locations?: readonly string[], exp?: number): Promise<string> =>
  new SignJWT({ sub: `${role} of ${locations?.join() ?? 'all'}`, role, ...(locations && { locations }), ...(exp !== undefined && { exp }) })
    .setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))

/** What the table says of a caller at a place. */
function expected({ least, elsewhere }: Permission, role: Role, isBound: boolean, isOwn: boolean): 'forbidden' | 'hidden' | 'done' {
  if (!isAtLeast(role, least) || (isBound && elsewhere === 'closed')) return 'forbidden'
  return !isBound || isOwn || elsewhere === 'same' || elsewhere === 'closed' ? 'done' : elsewhere
}

describe('who may do and see what', () => {
  let server: TestServer
  let own: Place
  let other: Place
  let callers: readonly Caller[]

  before(async () => {
    const keyFile = join('/nonexistent', 'api-keys.json')
    const jwt = createJwtAuthenticator({ keys: { secret: SECRET }, claims: { role: 'role', locations: 'locations' }, clockToleranceSeconds: 0 })
    server = await openTestServer(undefined, { authenticator: requireToken({ keyFile, jwt, clock: systemClock }) })
    const { commands } = server.test.inventory
    await commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, caller)
    for (const code of ['LIS', 'OPO', 'FAR']) await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
    await commands.addStock({ sku: 'TEA', location: 'FAR', quantity: 10, reason: 'RECEIVED' }, caller)
    const placeAt = async (location: string): Promise<Place> => {
      const sent = async (ends: { from: string; to: string }): Promise<string> =>
        (await commands.dispatchTransfer({ ...ends, lines: [{ sku: 'TEA', quantity: 1 }] }, caller)).result.id
      await commands.addStock({ sku: 'TEA', location, quantity: 10, reason: 'RECEIVED' }, caller)
      await commands.setStockPolicy({ sku: 'TEA', location, policy: { reorderPoint: 100 } }, caller)
      const { result } = await commands.reserveStock({ lines: [{ sku: 'TEA', location, quantity: 2 }], strategy: 'FEWEST_LOCATIONS', dryRun: false }, caller)
      return { location, reservation: result.id, outgoing: await sent({ from: location, to: 'FAR' }), incoming: await sent({ from: 'FAR', to: location }) }
    }
    other = await placeAt('OPO')
    own = await placeAt('LIS')
    callers = await Promise.all(ROLES.flatMap((role) => [true, false].map(async (isBound) => {
      const token = await tokenOf(role, isBound ? ['LIS'] : undefined)
      return { role, isBound, http: overHttp(token), socket: overSocket(token) }
    })))
  })

  after(async () => {
    for (const { socket } of callers) socket.close()
    await server.close()
  })

  const overHttp = (token: string): Ask => async (query) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json() as Promise<Answer>
  }

  const overSocket = (token: string): { ask: Ask; close(): void } => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false, connectionParams: { authorization: `Bearer ${token}` } })
    return {
      close: () => void client.dispose(),
      async ask(query) {
        const answers = client.iterate({ query })
        try {
          return (await answers.next()).value as Answer
        } catch (errors) {
          return { errors: errors as NonNullable<Answer['errors']> }
        } finally {
          void answers.return?.()
        }
      },
    }
  }

  function check(answer: Answer, row: Row, verdict: ReturnType<typeof expected>, who: string): void {
    const codes = answer.errors?.map(({ extensions }) => extensions?.code)
    if (verdict === 'forbidden') {
      expect(codes, who).to.deep.equal(['FORBIDDEN'])
      return
    }
    expect(codes, who).to.equal(undefined)
    const [value] = Object.values(answer.data ?? {})
    if (row.shows) expect(Boolean(row.shows(value as never)), who).to.equal(verdict === 'done')
  }

  it('stands in the table for every field, and has a row here', async () => {
    const schema = await createSchema()
    for (const root of ROOTS) {
      const fields = Object.keys((schema.getType(root) as GraphQLObjectType).getFields())
      expect(Object.keys(PERMISSIONS[root]), root).to.have.members(fields)
      expect(Object.keys(ROWS[root]), root).to.have.members(fields)
    }
  })

  for (const root of ROOTS) {
    for (const [name, row] of Object.entries(ROWS[root])) {
      it(`holds for ${root}.${name}: each role, own and other locations, over HTTP and sockets`, async () => {
        const permission = (PERMISSIONS[root] as Readonly<Record<string, Permission>>)[name]!
        const { head, logId } = server.test.inventory.status()
        for (const { role, isBound, http, socket } of callers) {
          for (const place of [own, other]) {
            const operation = `${root.toLowerCase()} { ${row.ask(place).replace('START', encodeCursor(logId, 0))} }`
            const verdict = expected(permission, role, isBound, place === own)
            const who = `${role} ${isBound ? 'of LIS' : 'of all'} at ${place.location}`
            check(await socket.ask(operation), row, verdict, `${who}, over a socket`)
            if (root !== 'Subscription') check(await http(operation), row, verdict, `${who}, over HTTP`)
          }
        }
        expect(server.test.inventory.status().head, 'no event').to.equal(head)
      })
    }
  }

  it('shows those who are bound the changes of their own reservations alone', async () => {
    const { logId } = server.test.inventory.status()
    const first = async (token: string): Promise<unknown> => {
      const socket = overSocket(token)
      const { data } = await socket.ask(`subscription { ${SUBSCRIPTIONS.reservationChanged.ask(own).replace('START', encodeCursor(logId, 0))} }`)
      socket.close()
      return data?.reservationChanged
    }
    expect(await first(await tokenOf('reader'))).to.deep.equal({ reservation: { lines: [{ location: 'OPO' }] } })
    expect(await first(await tokenOf('reader', ['LIS']))).to.deep.equal({ reservation: { lines: [{ location: 'LIS' }] } })
  })

  it('says who one is, and what one may', async () => {
    const ask = overHttp(await tokenOf('clerk', ['LIS']))
    const { data } = await ask('{ me { actor role locations permissions expiresAt } }')
    const me = data?.me as { permissions: string[] }
    expect(me).to.deep.include({ actor: 'clerk of LIS', role: 'CLERK', locations: ['LIS'], expiresAt: null })
    expect(me.permissions).to.include('addStock').and.include('stockChanged').and.not.include('setStockPolicy')
  })

  it('lets nobody in without a good token: 401 and a challenge, and sockets are closed with 4403', async () => {
    for (const [authorization, challenge] of [
      [undefined, 'Bearer realm="stockstream"'],
      ['Basic dXNlcjpwYXNz', 'Bearer realm="stockstream", error="invalid_token"'],
      ['Bearer x', 'Bearer realm="stockstream", error="invalid_token"'],
      [`Bearer ${await tokenOf('admin', undefined, 1)}`, 'Bearer realm="stockstream", error="invalid_token"'],
    ] as const) {
      const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) }
      for (const request of [['/graphql', { method: 'POST', headers, body: '{"query":"{ __typename }"}' }], ['/metrics', { headers }]] as const) {
        const response = await fetch(`${server.url}${request[0]}`, request[1])
        expect([response.status, response.headers.get('www-authenticate')]).to.deep.equal([401, challenge])
        expect(((await response.json()) as Answer).errors?.[0]?.extensions?.code).to.equal('UNAUTHENTICATED')
      }
      expect((await closing({ authorization })).code).to.equal(4403)
    }
  })

  it('asks for no token where there is nothing to see', async () => {
    for (const path of ['/healthz', '/readyz', '/']) expect((await fetch(`${server.url}${path}`)).status, path).not.to.equal(401)
  })

  it('closes a socket when its token ends, in the midst of a subscription', async () => {
    const exp = Math.ceil(Date.now() / 1_000) + 2
    const { code, reason, at } = await closing({ authorization: `Bearer ${await tokenOf('reader', undefined, exp)}` })
    expect([code, reason]).to.deep.equal([4403, 'The token has expired: connect again with a new one.'])
    expect(at, 'not before').to.be.at.least(exp * 1_000 - 1)
  })

  /** How a socket ends that says this in connection_init and then follows the events. */
  async function closing(payload: object): Promise<{ code: number; reason: string; at: number }> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.on('message', (data: Buffer) => {
      if ((JSON.parse(data.toString()) as { type: string }).type !== 'connection_ack') return
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { events { id } }' } }))
    })
    socket.send(JSON.stringify({ type: 'connection_init', payload }))
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
    return { code, reason: reason.toString(), at: Date.now() }
  }
})
