import { readFile, writeFile, access } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { ImportReport } from '../../src/cli/import/report.ts'
import { CHUNK_ROWS } from '../../src/cli/import/rows.ts'
import { startServerProcess } from '../e2e/server-process.ts'
import { headOf, onHand, stockstream, temporaryFolder, withStore } from './cli-process.ts'

const CREATING = ['--create-missing', '--allow-negative', '--json']
const reportOf = (stdout: string): ImportReport => JSON.parse(stdout) as ImportReport

describe('stockstream import', () => {
  let folder: string
  let remove: () => Promise<void>
  const path = (name: string) => join(folder, name)
  const write = async (name: string, content: string | Buffer) => {
    await writeFile(path(name), content)
    return path(name)
  }

  before(async () => { ({ folder, remove } = await temporaryFolder()) })
  after(() => remove())

  it('reads a BOM, CRLF, quotes and gzip, and changes nothing when the same bytes come again under another name', async () => {
    const plain = '\uFEFFsku,location,delta,name\r\n"A,1",LIS,5,"Tea ""green"""\r\n\r\n B ,LIS,-2,\r\n'
    const packed = gzipSync('sku,location,delta\nA,LIS,7\n')
    const store = path('formats')
    const first = await stockstream('import', await write('a.csv', plain), await write('b.csv', packed), '--store', store, ...CREATING)
    expect(first, first.stderr).to.include({ code: 0 })
    expect(reportOf(first.stdout)).to.deep.include({ rows: 3, applied: 3, rejected: 0, repeated: 0, created: { products: 3, locations: 1 } })
    expect(await onHand(store)).to.deep.equal({ 'A@LIS': 7, 'A,1@LIS': 5, 'B@LIS': -2 })
    const name = await withStore(store, async ({ inventory }) => (await inventory.queries.products(['A,1'])).value[0]?.name)
    expect(name).to.equal('Tea "green"')

    const head = await headOf(store)
    const again = await stockstream('import', await write('c.csv', plain), await write('d.csv.gz', packed), '--store', store, ...CREATING)
    expect(reportOf(again.stdout)).to.deep.include({ rows: 3, applied: 3, rejected: 0, repeated: 3, created: { products: 0, locations: 0 } })
    expect(await headOf(store)).to.equal(head)
  })

  it('names every row that it can not use beside its cause, and judges none of them anew in a second run', async () => {
    const store = path('refused')
    const soldBeforeDelivery = Array.from({ length: CHUNK_ROWS }, () => 'T,LIS,-1,2026-01-01').join('\n')
    const rest = 'T,LIS,7000,2026-01-01\nT,LIS,x,\nT,LIS,0,\n,LIS,1,\nT,,1,\nT,LIS,1,2026-02-30\nT,LIS\n"N,1",LIS,1,\nT,LIS,-1,2026-01-01 12:00:00\n'
    const file = await write('refused.csv', `sku,location,delta,occurredAt\n${soldBeforeDelivery}\n${rest}`)
    await withStore(store, async ({ inventory: { commands } }) => {
      await commands.registerProduct({ sku: 'T', name: 'T', barcode: null, unit: 'EACH', attributes: {} }, { correlationId: 't' })
      await commands.openLocation({ code: 'LIS', name: 'LIS', kind: 'STORE', timeZone: 'UTC' }, { correlationId: 't' })
    })

    const first = await stockstream('import', file, '--store', store, '--json')
    expect(first.code, first.stderr).to.equal(0)
    const report = reportOf(first.stdout)
    expect(report).to.deep.include({ rows: CHUNK_ROWS + 9, applied: 2, rejected: CHUNK_ROWS + 7, repeated: 0 })
    expect(report.causes).to.deep.equal({
      'INSUFFICIENT_STOCK': CHUNK_ROWS, 'bad delta': 1, 'delta is zero': 1, 'no sku': 1, 'no location': 1, 'bad occurredAt': 1, 'wrong number of columns': 1, 'NOT_FOUND': 1,
    })
    const rejected = await readFile(`${file}.rejected.csv`, 'utf8')
    const lines = rejected.trimEnd().split('\n')
    expect(lines).to.have.length(CHUNK_ROWS + 8)
    expect(lines.slice(0, 2)).to.deep.equal(['sku,location,delta,occurredAt,rejected', 'T,LIS,-1,2026-01-01,Only 0 available.'])
    expect(lines.at(-1)).to.equal('"N,1",LIS,1,,"There is no product N,1: register it first."')

    const head = await headOf(store)
    const again = reportOf((await stockstream('import', file, '--store', store, '--json')).stdout)
    expect(again).to.deep.include({ applied: 2, rejected: CHUNK_ROWS + 7, repeated: CHUNK_ROWS + 9, causes: report.causes })
    expect(await readFile(`${file}.rejected.csv`, 'utf8')).to.equal(rejected)
    expect(await headOf(store)).to.equal(head)
  })

  it('stops at the first bad row without a trace of its chunk, and goes on from there when told to skip', async () => {
    const store = path('stopped')
    const good = Array.from({ length: CHUNK_ROWS + 1 }, () => 'S,LIS,1').join('\n')
    const file = await write('stop.csv', `sku,location,delta\n${good}\nS,LIS,1.5\nS,LIS,1\n`)
    const stopped = await stockstream('import', file, '--store', store, '--on-error', 'stop', ...CREATING)
    expect(stopped.code).to.equal(1)
    expect(stopped.stderr).to.include(`stop.csv, row ${CHUNK_ROWS + 2} under the first line: delta must be a whole number`)
    expect(await onHand(store)).to.deep.equal({ 'S@LIS': CHUNK_ROWS })

    const skipped = await stockstream('import', file, '--store', store, ...CREATING)
    expect(reportOf(skipped.stdout)).to.deep.include({ applied: CHUNK_ROWS + 2, rejected: 1, repeated: CHUNK_ROWS })
    expect(await onHand(store)).to.deep.equal({ 'S@LIS': CHUNK_ROWS + 2 })
  })

  it('says which columns there are, and appends nothing in a dry run', async () => {
    const file = await write('dry.csv', 'code,location,delta\nD,LIS,3\n')
    const store = path('dry')
    const [wrong, missing, dry] = await Promise.all([
      stockstream('import', file, '--store', path('wrong')),
      stockstream('import', path('nowhere.csv'), '--store', path('missing')),
      stockstream('import', file, '--map', 'sku=code', '--map', 'delta=-delta', '--store', store, '--dry-run', ...CREATING),
    ])
    expect(wrong).to.deep.include({ code: 2, stdout: '', stderr: `${file} has no column for sku. Its columns are code, location, delta: name one with --map sku=COLUMN.\n` })
    expect(missing).to.deep.include({ code: 1, stderr: `There is no file ${path('nowhere.csv')}.\n` })
    expect(reportOf(dry.stdout)).to.deep.include({ applied: 1, rejected: 0, created: { products: 1, locations: 1 }, dryRun: true })
    expect(await withStore(store, ({ store: log }) => Promise.resolve(log.head()))).to.equal(0)
    expect(await access(`${file}.rejected.csv`).catch((error: unknown) => error)).to.be.an('error')
  })

  it('knows the shape of Online Retail: sales, returns, corrections and what is no goods', async () => {
    const rows = [
      '536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
      'C536379,85123A,WHITE HEART,-1,2010-12-01 09:41:00,2.55,17850.0,United Kingdom',
      '536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom',
      '536370,POST,POSTAGE,3,2010-12-01 08:45:00,18.0,12583.0,France',
    ]
    const file = await write('retail.csv', `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n${rows.join('\n')}\n`)
    const store = path('retail')
    const { stdout, stderr } = await stockstream('import', file, '--preset', 'online-retail', '--create-missing', '--allow-negative', '--on-error', 'stop', '--store', store)
    expect(stdout, stderr).to.include('3 applied, 1 rejected').and.to.include('1  no goods')
    const events = await withStore(store, async ({ inventory }) => (await inventory.events.find({ types: ['StockAdded', 'StockRemoved'] }, { first: 10 })).events)
    expect(events.map(({ data, occurredAt, metadata }) => [data, new Date(occurredAt).toISOString(), metadata.reference])).to.deep.equal([
      [{ quantity: 6, reason: 'SOLD' }, '2010-12-01T08:26:00.000Z', '536365'],
      [{ quantity: 1, reason: 'RETURNED' }, '2010-12-01T09:41:00.000Z', 'C536379'],
      [{ quantity: 10, reason: 'OTHER' }, '2010-12-01T16:50:00.000Z', '536589'],
    ])
  })

  it('points to --url where a server holds the store, and imports through it once', async () => {
    const store = path('served')
    const file = await write('served.csv', 'sku,location,delta\nU,LIS,-4\nU,LIS,x\n')
    const server = await startServerProcess(store)
    try {
      const [locked, through] = await Promise.all([
        stockstream('import', file, '--store', store),
        stockstream('import', file, '--url', new URL('/', server.url).href, ...CREATING),
      ])
      expect(locked.code).to.equal(1)
      expect(locked.stderr).to.match(/^Another process has the store .* open: .*--url http:\/\/127\.0\.0\.1:4000\.\n$/)
      expect(reportOf(through.stdout), through.stderr).to.deep.include({ applied: 1, rejected: 1, repeated: 0, created: { products: 1, locations: 1 } })
    } finally {
      await server.kill('SIGTERM')
    }
    const rejected = await readFile(`${file}.rejected.csv`, 'utf8')
    const direct = await stockstream('import', file, '--store', store, ...CREATING)
    expect(reportOf(direct.stdout)).to.deep.include({ applied: 1, rejected: 1, repeated: 2 })
    expect(await readFile(`${file}.rejected.csv`, 'utf8')).to.equal(rejected)
    expect(await onHand(store)).to.deep.equal({ 'U@LIS': -4 })
  })
})
