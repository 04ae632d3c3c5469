import { once } from 'node:events'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { headOf, onHand, spawnStockstream, stockstream, temporaryFolder, withStore } from './cli-process.ts'

const CALLER = { correlationId: 'test' }

describe('stockstream on a store', () => {
  let folder: string
  let remove: () => Promise<void>
  let store: string
  let early: string

  before(async () => {
    ({ folder, remove } = await temporaryFolder())
    store = join(folder, 'store')
    await withStore(store, async ({ inventory: { commands } }) => {
      await commands.registerProduct({ sku: 'T,1', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, CALLER)
      await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, CALLER)
    })
    early = await headOf(store)
    await withStore(store, async ({ inventory: { commands } }) => {
      await commands.addStock({ sku: 'T,1', location: 'LIS', quantity: 40, reason: 'RECEIVED', reference: 'D-1' }, CALLER)
      await commands.removeStock({ sku: 'T,1', location: 'LIS', quantity: 3, reason: 'SOLD' }, CALLER)
    })
  })

  after(() => remove())

  it('verifies the log and the read model, finds an earlier head, and misses one that never was', async () => {
    const [whole, missing] = await Promise.all([
      stockstream('verify', '--store', store, '--head', early),
      stockstream('verify', '--store', store, '--head', 'f'.repeat(64)),
    ])
    expect(whole, whole.stderr).to.include({ code: 0 })
    expect(whole.stdout).to.equal([
      'The log is whole: 4 events.', `Head ${await headOf(store)}`, `The head ${early} is in it.`,
      'The read model is what the log says up to event 4: 5 rows.', '',
    ].join('\n'))
    expect(missing).to.include({ code: 1 })
    expect(missing.stderr).to.match(/^The head f+ is not in this log/)
  })

  it('names the file and the byte of a flipped bit, and a row of the read model that the log does not give', async () => {
    const damaged = join(folder, 'damaged')
    const drifted = join(folder, 'drifted')
    await Promise.all([cp(store, damaged, { recursive: true }), cp(store, drifted, { recursive: true })])
    const [segment = ''] = await readdir(join(damaged, 'log'))
    await flipBit(join(damaged, 'log', segment), 400)
    const db = new SqliteDatabase(join(drifted, 'read-model.sqlite'))
    db.exec('update stock_levels set on_hand = 38')
    db.close()

    const [damage, drift] = await Promise.all([stockstream('verify', '--store', damaged), stockstream('verify', '--store', drifted)])
    expect(damage).to.include({ code: 1, stdout: '' })
    expect(damage.stderr).to.match(new RegExp(`${segment} is damaged at byte \\d+: `))
    expect(drift).to.include({ code: 1 })
    expect(drift.stderr).to.include('stock_levels: 1 rows that the log does not give, 1 that it gives are not there.')

    const rebuilt = await stockstream('rebuild', '--store', drifted)
    expect(rebuilt, rebuilt.stderr).to.include({ code: 0, stdout: 'The read model is made anew from 4 events.\n' })
    expect(await onHand(drifted)).to.deep.equal({ 'T,1@LIS': 37 })
  })

  it('exports stock as CSV and events as JSON lines', async () => {
    const output = join(folder, 'stock.csv')
    const stock = await stockstream('export', 'stock', '--store', store, '--output', output)
    const events = await stockstream('export', 'events', '--format', 'jsonl', '--store', store)
    expect(stock, stock.stderr).to.include({ code: 0, stdout: '' })
    const [columns, level] = (await readFile(output, 'utf8')).split('\n')
    expect(columns).to.match(/^sku,location,onHand,reserved,unavailable,available,/)
    expect(level).to.match(/^"T,1",LIS,37,0,0,37,0,0,37,,,0,false,2,2/)
    const lines = events.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ type }) => type)).to.deep.equal(['ProductRegistered', 'LocationOpened', 'StockAdded', 'StockRemoved'])
    expect(lines[2]).to.deep.include({ position: 3, sku: 'T,1', location: 'LIS', data: { quantity: 40, reason: 'RECEIVED' }, reference: 'D-1' })
  })

  it('plays the demo on an empty store alone, and goes on with its own', async () => {
    const own = join(folder, 'demo')
    const refused = stockstream('demo', '--port', '0', '--store', store)
    await play(own)
    await play(own)
    expect(await refused).to.deep.include({ code: 1, stderr: `The store ${store} is in use: the demo wants an empty one. Name it with --store, for example --store ./demo-store.\n` })
    const { opened, sold } = await withStore(own, async ({ inventory: { events } }) => ({
      opened: (await events.find({ reference: 'OPENING' }, { first: 5_000 })).events.length,
      sold: (await events.find({ types: ['StockRemoved'] }, { first: 1 })).events.length,
    }))
    expect({ opened, sold }).to.deep.equal({ opened: 1_476, sold: 1 })
  })

  /** Starts the demo, waits for its first sale, and stops it as Ctrl+C does. */
  async function play(directory: string): Promise<void> {
    const child = spawnStockstream('demo', '--port', '0', '--rate', '1000', '--store', directory)
    const exit = once(child, 'exit')
    let url: string | undefined
    for await (const line of createInterface({ input: child.stdout })) {
      url ??= /GraphQL\s+(\S+)/.exec(line)?.[1]
      if (line.startsWith('Sales')) break
    }
    while (!await hasSold(url ?? '')) await setImmediate()
    child.kill('SIGINT')
    expect((await exit)[0]).to.equal(0)
  }
})

async function hasSold(url: string): Promise<boolean> {
  const query = '{ events(filter: { types: ["StockRemoved"] }, first: 1) { nodes { id } } }'
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
  return ((await answer.json()) as { data: { events: { nodes: readonly unknown[] } } }).data.events.nodes.length > 0
}

async function flipBit(path: string, byte: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[byte] = (bytes[byte] ?? 0) ^ 1
  await writeFile(path, bytes)
}
