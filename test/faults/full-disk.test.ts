import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Composition } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { silent } from '../application/test-inventory.ts'

interface Answer { readonly data?: Record<string, Record<string, unknown>>; readonly errors?: { extensions: { code: string } }[] }

describe('a server whose disk runs full (a file system of its own, which takes root to mount)', () => {
  let directory: string
  let composition: Composition
  let server: HttpServer

  before(async function () {
    directory = await mkdtemp(join(tmpdir(), 'full-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory], { stdio: 'ignore' })
    } catch {
      await rm(directory, { recursive: true })
      this.skip()
    }
    composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent })
    server = await startHttpServer({ inventory: composition.inventory, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next() })
  })
  after(async () => {
    await server.close()
    await composition.close()
    execFileSync('umount', [directory])
    await rm(directory, { recursive: true })
  })

  async function ask(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json' } })
    return (await response.json()) as Answer
  }
  const mutate = (name: string, type: string, input: object, selection = ''): Promise<Answer> =>
    ask(`mutation($input: ${type}!) { ${name}(input: $input) { replayed userErrors { code } ${selection} } }`, { input })
  const add = (key: number): Promise<Answer> =>
    mutate('addStock', 'AddStockInput', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: `k${key}`, note: 'n'.repeat(900) })
  const onHand = async (): Promise<unknown> => {
    const { data } = await ask('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }')
    return (data?.stockLevel?.quantities as { onHand: number } | undefined)?.onHand
  }
  const ready = async (): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${server.url}/readyz`)
    return { status: response.status, text: await response.text() }
  }

  it('answers writes with UNAVAILABLE, reads on, says why, and writes again when there is room', async () => {
    await mutate('registerProduct', 'RegisterProductInput', { sku: 'MUG', name: 'Mug' })
    await mutate('openLocation', 'OpenLocationInput', { code: 'LIS', name: 'Lisbon' })
    const filler = join(directory, 'filler')
    await writeFile(filler, Buffer.alloc(600_000))
    let answered = 0
    let key = 0
    for (let refused: string | undefined; refused === undefined; ) {
      key += 1
      const { errors } = await add(key)
      refused = errors?.[0]?.extensions.code
      if (refused === undefined) answered += 1
      else expect(refused, `write ${key}`).to.equal('UNAVAILABLE')
    }
    for (let n = 0; n < 10; n++) expect((await add(key)).errors?.[0]?.extensions.code, 'still full').to.equal('UNAVAILABLE')
    const why = await ready()
    expect(why.status, why.text).to.equal(503)
    expect(why.text, 'the reason').to.match(/ENOSPC|SQLITE_FULL|full/)
    expect(await onHand(), 'reads go on').to.equal(answered)
    await rm(filler)
    while ((await ready()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20))
    for (let n = 1; n <= key; n++) {
      let answer = await add(n)
      while (answer.errors) answer = await add(n)
      expect(answer.data?.addStock?.userErrors, `write ${n} again`).to.deep.equal([])
      if (n < key) expect(answer.data?.addStock?.replayed, `write ${n} was answered before`).to.equal(true)
    }
    expect(await onHand(), 'each once').to.equal(key)
  })
})
