import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Subscriber } from '../faults/subscriber.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { freePort } from '../services/process.ts'
import { describeWith } from '../services/required.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const NODES = 3
const CLIENTS = 6
/** As long as the client of a till would try. */
const ANSWER_MS_MAX = 60_000
const TRY_MS_MAX = 5_000

/** What makes a next version: goods that were added have another shape, and the read model has another form. */
const CHANGES = [
  ['src/domain/events.ts', '  StockAdded: 1,', '  StockAdded: 2,'],
  ['src/domain/upcasting.ts', 'UPCASTERS: Upcasters = {}', "UPCASTERS: Upcasters = { 'StockAdded@1': (data) => ({ ...data as object, reason: 'FROM_BEFORE' }) }"],
  ['src/infrastructure/read-model/schema.ts', 'SCHEMA_VERSION = ', 'SCHEMA_VERSION = 1_000 + '],
] as const

/** Built in a folder of its own. */
function nextVersion(folder: string): string {
  for (const name of ['src', 'schema', 'package.json', 'tsconfig.json', 'bundle.ts']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, text, instead] of CHANGES) {
    const parts = readFileSync(join(folder, path), 'utf8').split(text)
    expect(parts, `${text} in ${path}`).to.have.length(2)
    writeFileSync(join(folder, path), parts.join(instead))
  }
  execFileSync(process.execPath, ['--import', 'tsx', 'bundle.ts'], { cwd: folder })
  return join(folder, 'dist/main.js')
}

describeWith('mariadb', hasMariaDb, 'three nodes that are replaced one by one by a version with another event schema and another read model', () => {
  let directory: string
  let database: MariaDb
  let url: string
  let next: string
  const ports: number[] = []
  const nodes: ServerProcess[] = []
  const start = (n: number, program?: string) => startServerProcess(join(directory, String(n)), ports[n], { EVENT_STORE_URL: url, NODE_URL: `http://127.0.0.1:${ports[n] ?? 0}`, WEBHOOKS: 'off', LOG_LEVEL: 'silent' }, [], program)

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stockstream-upgrade-'))
    next = nextVersion(mkdtempSync(join(directory, 'next-')))
    database = await startMariaDb()
    url = await database.database()
    for (let n = 0; n < NODES; n += 1) {
      ports.push(await freePort())
      nodes.push(await start(n))
    }
    await nodes[0]!.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
  })
  after(async () => {
    await Promise.all(nodes.map((each) => each.kill('SIGKILL')))
    await database.stop()
    await rm(directory, { recursive: true })
  })

  const urlOf = (n: number): string => `http://127.0.0.1:${ports[n % NODES] ?? 0}/graphql`
  let answered = 0

  /** Of one node after the other until one can tell: whatever else it says is a failure. */
  async function ask(first: number, query: string, variables: object = {}): Promise<Record<string, unknown>> {
    const body = JSON.stringify({ query, variables })
    const until = Date.now() + ANSWER_MS_MAX
    for (let n = first; Date.now() < until; n += 1) {
      const response = await fetch(urlOf(n), { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(TRY_MS_MAX) }).catch(() => undefined)
      const answer = await response?.json().catch(() => undefined) as { data?: Record<string, unknown>; errors?: { message: string; extensions: { code: string } }[] } | undefined
      if (answer?.data && !answer.errors) {
        answered += 1
        return answer.data
      }
      for (const { message, extensions: { code } } of answer?.errors ?? []) expect(code, message).to.equal('UNAVAILABLE')
      await wait(10)
    }
    throw new Error(`No node answers ${query}`)
  }

  const add = async (node: number, key: string): Promise<string> => {
    const { addStock } = await ask(node, 'mutation($input: AddStockInput!) { addStock(input: $input) { cursor userErrors { code } } }',
      { input: { sku: 'MUG', location: 'LIS', quantity: 1, reason: 'FOUND', idempotencyKey: key } }) as { addStock: { cursor: string; userErrors: unknown[] } }
    expect(addStock.userErrors).to.deep.equal([])
    return addStock.cursor
  }

  it('answer all the time, to who asks another one, and in the end show all there was in its new shape', async () => {
    const { cursor: from } = await nodes[1]!.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    const subscriber = new Subscriber(() => urlOf(Math.floor(Math.random() * NODES)), from as string)
    let isOver = false
    let commands = 0
    const asking = Promise.all(Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = client; !isOver; n += 1) {
        const cursor = await add(n, `${client}-${n}`)
        commands += 1
        await ask(n + 1, 'query($cursor: Cursor) { stockLevel(sku: "MUG", location: "LIS", atLeast: $cursor) { quantities { onHand } } }', { cursor })
      }
    }))
    const answers = async (count: number): Promise<void> => { for (const enough = answered + count; answered < enough;) await Promise.race([wait(10), asking]) }
    try {
      await answers(40)
      for (let n = 0; n < NODES; n += 1) {
        expect(await nodes[n]!.kill('SIGTERM')).to.equal(0)
        await answers(20)
        nodes[n] = await start(n, next)
        await answers(20)
      }
      isOver = true
      await asking
      await compared()
    } finally {
      isOver = true
      subscriber.end()
    }

    async function compared(): Promise<void> {
      const last = await add(0, 'last')
      for (let n = 0; n < NODES; n += 1) {
        const shown = await nodes[n]!.query(`{ stockLevel(sku: "MUG", location: "LIS", atLeast: "${last}") { quantities { onHand } } }`)
        expect(shown, `node ${n}`).to.deep.equal({ stockLevel: { quantities: { onHand: commands + 1 } } })
      }
      const reason = async (range: string): Promise<unknown> => {
        const { events } = await nodes[2]!.query(`{ events(filter: { types: ["StockAdded"] }, ${range}) { nodes { data } } }`) as { events: { nodes: { data: { reason: string } }[] } }
        return events.nodes[0]?.data.reason
      }
      expect([await reason('first: 1'), await reason('last: 1')]).to.deep.equal(['FROM_BEFORE', 'FOUND'])
      while (subscriber.cursor !== last) await wait(10)
      expect(subscriber.changes.map(({ event: { version } }) => version)).to.deep.equal(Array.from({ length: commands + 1 }, (_, n) => n + 1))
    }
  })
})
