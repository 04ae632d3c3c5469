import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { ImportReport } from '../../src/cli/import/report.ts'
import { differencesOf, keyOf, monthEnds, type Sums, salesOf, sumsOf } from '../acceptance/sums.ts'
import { headOf, stockstream, temporaryFolder, withStore } from './cli-process.ts'

/** A real day of sales: with more new products and levels than there is room for at once. */
const SAMPLE = join(import.meta.dirname, '../../samples/online-retail-2010-12-01.csv.gz')

describe('the sample of real sales', () => {
  let folder: string
  let remove: () => Promise<void>
  before(async () => { ({ folder, remove } = await temporaryFolder()) })
  after(() => remove())

  it('stands in the store as the sums of the file, at its end and in its midst, and is imported once', async () => {
    const file = join(folder, 'sample.csv.gz')
    const store = join(folder, 'store')
    copyFileSync(SAMPLE, file)
    const load = async (): Promise<ImportReport> => {
      const { code, stdout, stderr } = await stockstream('import', file, '--preset', 'online-retail', '--create-missing', '--allow-negative', '--json', '--store', store)
      expect(code, stderr).to.equal(0)
      return JSON.parse(stdout) as ImportReport
    }
    const sales = salesOf([file])
    const { rows, applied, rejected } = await load()
    expect([rows, applied + rejected]).to.deep.equal([sales.length, sales.length])
    const left = salesOf([`${file}.rejected.csv`])
    expect(left).to.have.length(rejected)

    const noon = sales[Math.floor(sales.length / 2)]!.at
    for (const asOf of [undefined, noon, ...monthEnds(sales)]) expect(differencesOf(await sumsIn(store, asOf), sumsOf(sales, left, asOf))).to.deep.equal([])

    const head = await headOf(store)
    expect((await load()).repeated).to.equal(sales.length)
    expect(await headOf(store)).to.equal(head)
  })
})

const sumsIn = (store: string, asOf?: number): Promise<Sums> => withStore(store, async ({ inventory }) => {
  const { items } = await inventory.queries.stockPage({ ...(asOf !== undefined && { moment: { asOf } }), first: 100_000, orderBy: 'SKU', direction: 'ASC' })
  return new Map(items.map(({ sku, location, onHand }) => [keyOf(sku, location), onHand]))
})
