import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { freePort } from '../services/process.ts'
import { describeWith } from '../services/required.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const NODES = 3
const CLIENTS = 24
const CARTS_EACH = 5
const UNITS = 60
const ANSWER_MS_MAX = 90_000

for (const isShared of [false, true]) describeWith('mariadb', hasMariaDb, `the last units of a product, sold by three nodes of which some die, ${isShared ? 'with one read model' : 'with a read model each'}`, () => {
  let directory: string
  let database: MariaDb
  let url: string
  const nodes: ServerProcess[] = []
  /** Others reach it where it was, also after it was started anew. */
  const ports: number[] = []
  const start = (n: number) => startServerProcess(join(directory, String(n)), ports[n], { EVENT_STORE_URL: url, NODE_URL: `http://127.0.0.1:${ports[n] ?? 0}`, ...(isShared && { READ_MODEL_URL: url }) })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-nodes-'))
    database = await startMariaDb()
    url = await database.database()
    for (let n = 0; n < NODES; n += 1) {
      ports.push(await freePort())
      nodes.push(await start(n))
    }
    await node(0).mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await node(1).mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    await node(2).mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: UNITS }, 'cursor')
  })
  after(async () => {
    await Promise.all(nodes.map((each) => each.kill('SIGKILL')))
    await database.stop()
    await rm(directory, { recursive: true })
  })

  const node = (n: number): ServerProcess => nodes[n % NODES]!

  /** Asks one node after the other until one answers, with the same key: what becomes of the cart is known then. */
  async function reserve(client: number, cart: number): Promise<{ readonly code: string | undefined }> {
    const input = { lines: [{ sku: 'MUG', quantity: 1, location: 'LIS' }], idempotencyKey: `cart-${client}-${cart}` }
    const until = Date.now() + ANSWER_MS_MAX
    for (let n = client; Date.now() < until; n += 1) {
      const answer = await node(n).mutate('reserveStock', input, 'reservation { id }').catch(() => undefined)
      if (answer) return { code: (answer.userErrors as { code: string }[])[0]?.code }
      await wait(20)
    }
    throw new Error(`Nobody answers cart ${client}-${cart}.`)
  }

  /** Of what the nodes have collided on. */
  async function ownersThereWere(): Promise<number> {
    const connection = await createConnection(url)
    const [rows] = await connection.query<RowDataPacket[]>("SELECT id FROM owners WHERE id <> ''")
    await connection.end()
    return rows.length
  }

  /** What a node shows once it shows all up to the cursor. */
  const shownAt = (n: number, cursor: string) => node(n).query(`{
    stockLevel(sku: "MUG", location: "LIS", atLeast: "${cursor}") { quantities { onHand reserved } }
    reservations(filter: { statuses: [OPEN] }, first: 1) { totalCount }
  }`)

  it(`are promised once each, where ${CLIENTS} clients ask for ${CLIENTS * CARTS_EACH} of ${UNITS}`, async () => {
    const codes: (string | undefined)[] = []
    const selling = Promise.all(Array.from({ length: CLIENTS }, async (_, client) => {
      for (let cart = 0; cart < CARTS_EACH; cart += 1) codes.push((await reserve(client, cart)).code)
    }))
    for (const n of [1, 2]) {
      const before = codes.length
      while (codes.length < before + 5 && codes.length < CLIENTS * CARTS_EACH) await wait(5)
      await node(n).kill('SIGKILL')
      nodes[n] = await start(n)
    }
    await selling
    expect(await ownersThereWere()).to.be.above(0)
    expect(codes.filter((code) => code === undefined)).to.have.length(UNITS)
    expect([...new Set(codes)]).to.have.members([undefined, 'INSUFFICIENT_STOCK'])
    const { cursor: seen } = await node(0).mutate('openLocation', { code: 'OPO', name: 'Porto' }, 'cursor')
    const last = await node(0).mutate('removeStock', { sku: 'MUG', location: 'LIS', quantity: 1, reason: 'SOLD' }, 'cursor')
    expect((last.userErrors as { code: string }[])[0]?.code).to.equal('INSUFFICIENT_STOCK')
    for (let n = 0; n < NODES; n += 1) expect(await shownAt(n, String(seen)), `node ${n}`).to.deep.equal({ stockLevel: { quantities: { onHand: UNITS, reserved: UNITS } }, reservations: { totalCount: UNITS } })
  })
})
