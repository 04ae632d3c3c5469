import { expect } from 'chai'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startServerProcess } from '../e2e/server-process.ts'
import { headOf, onHand, spawnStockstream, stockstream, temporaryFolder, withStore } from './cli-process.ts'

const CALLER = { correlationId: 'test' }

describe('stockstream backup', () => {
  let folder: string
  let remove: () => Promise<void>
  let store: string
  let to: string

  beforeEach(async () => {
    ({ folder, remove } = await temporaryFolder())
    ;[store, to] = [join(folder, 'store'), join(folder, 'backup')]
    await withStore(store, async ({ inventory: { commands } }) => {
      await commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, CALLER)
      await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, CALLER)
      await commands.addStock({ sku: 'TEA', location: 'LIS', quantity: 40, reason: 'RECEIVED' }, CALLER)
    })
  })
  afterEach(() => remove())

  it('makes a store of its own with all events, the keys, and nothing that is derived', async () => {
    const done = await stockstream('backup', to, '--store', store)
    expect(done, done.stderr).to.deep.equal({ code: 0, stderr: '', stdout: `${to} holds 3 events and is verified.\nHead ${await headOf(store)}\n` })
    expect((await readdir(to)).filter((name) => !name.endsWith('-wal') && !name.endsWith('-shm')).sort()).to.deep.equal(['log', 'webhook.key', 'webhooks.sqlite'])
    expect(await readFile(join(to, 'webhook.key'))).to.deep.equal(await readFile(join(store, 'webhook.key')))
    expect((await stat(join(to, 'webhook.key'))).mode & 0o077, 'others can read the key').to.equal(0)
    expect(await onHand(to)).to.deep.equal({ 'TEA@LIS': 40 })
  })

  it('copies what was answered before it began, while a server goes on to write', async () => {
    const server = await startServerProcess(store)
    let isDone = false
    let sold = 0
    const sell = async (): Promise<void> => {
      while (!isDone) await server.mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 }, 'cursor').then(() => { sold++ })
    }
    const selling = Promise.all([sell(), sell(), sell(), sell()])
    while (sold < 20) await new Promise((resolve) => { setTimeout(resolve, 5) })
    const before = sold
    const backup = spawnStockstream('backup', to, '--store', store)
    const [code] = (await once(backup, 'exit')) as [number | null]
    isDone = true
    await selling
    await server.kill('SIGTERM')
    expect(code).to.equal(0)
    const { 'TEA@LIS': held } = await onHand(to)
    expect(held).to.be.within(40 + before, 40 + sold)
    expect((await stockstream('verify', '--store', to)).code).to.equal(0)
  })

  it('leaves out a batch that a crash left unfinished', async () => {
    const [segment] = (await readdir(join(store, 'log'))).filter((name) => name.endsWith('.jsonl'))
    const file = join(store, 'log', segment!)
    await truncate(file, (await stat(file)).size - 10)
    const done = await stockstream('backup', to, '--store', store)
    expect(done.stdout).to.match(/holds 2 events/)
    expect(await onHand(to)).to.deep.equal({})
  })

  it('makes no backup of a log that is damaged, and says where it is', async () => {
    const [segment] = (await readdir(join(store, 'log'))).filter((name) => name.endsWith('.jsonl'))
    const file = join(store, 'log', segment!)
    await writeFile(file, (await readFile(file, 'utf8')).replace('TEA', 'TEE'))
    const { code, stderr } = await stockstream('backup', to, '--store', store)
    expect(code).to.equal(1)
    expect(stderr).to.include(segment!).and.include('not whole')
  })

  for (const [what, prepare, code, hint] of [
    ['into a folder that holds something', async () => { await mkdir(to); await writeFile(join(to, 'precious'), '') }, 2, 'is not empty'],
    ['onto a file', async () => { await writeFile(to, '') }, 2, 'is no folder'],
    ['of no store', async () => { await rm(store, { recursive: true }) }, 1, 'There is no store in'],
  ] as const) {
    it(`makes none ${what}, and says what to do instead`, async () => {
      await prepare()
      const done = await stockstream('backup', to, '--store', store)
      expect(done.code).to.equal(code)
      expect(done.stderr).to.include(hint)
    })
  }
})
