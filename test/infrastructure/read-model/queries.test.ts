import { expect } from 'chai'
import { type AnyBench, describeReadModels } from './benches.ts'
import { History } from './fixture.ts'
import { InvalidCursor, type ReadModel, type StockQuery } from '../../../src/application/read-model.ts'
import type { StockLevelView } from '../../../src/application/views.ts'

const available = (row: StockLevelView): number => row.onHand - row.reserved - row.unavailable
const name = ({ sku, location }: StockLevelView): string => `${sku}@${location}`

const ORDERS: Record<StockQuery['orderBy'], (row: StockLevelView) => (string | number)[]> = {
  SKU: row => [row.sku, row.location],
  LOCATION: row => [row.location, row.sku],
  ON_HAND: row => [row.onHand, row.sku, row.location],
  AVAILABLE: row => [available(row), row.sku, row.location],
  UPDATED_AT: row => [row.updatedAt, row.sku, row.location],
}

function compare(a: (string | number)[], b: (string | number)[]): number {
  const i = a.findIndex((value, at) => value !== b[at])
  return i < 0 ? 0 : a[i]! < b[i]! ? -1 : 1
}

describeReadModels('read model: its answers', (open) => {
  let bench: AnyBench
  let history: History
  let model: ReadModel
  beforeEach(async () => {
    bench = await open()
    model = bench.model
    history = new History()
      .product('A-1', 'Blue Shirt, 50% cotton').product('a-2', 'Écharpe "Star*"').product('B-1', 'Shoes %').product('C_1', 'Socks blueish')
      .location('LIS').location('OPO', 'WAREHOUSE').location('FAO')
      .stock('A-1', 'LIS', 10, { safetyStock: 4, reorderPoint: 6 }).reserve('A-1', 'LIS', 8).stock('A-1', 'OPO', 3)
      .stock('A-1', 'FAO', 3, { reorderPoint: 1 }).stock('a-2', 'LIS', 3).stock('a-2', 'OPO', 20, { backorderLimit: 5 })
      .stock('B-1', 'OPO', 3).reserve('B-1', 'OPO', 3).stock('C_1', 'FAO', 1_000_000_000_000)
    await bench.project(history)
  })
  afterEach(() => bench.remove())

  const stock = async (query: Partial<StockQuery>): Promise<string[]> => {
    const page = await model.stockPage({ first: 100, orderBy: 'SKU', direction: 'ASC', ...query })
    expect(page.totalCount).to.equal(page.items.length)
    return page.items.map(name)
  }
  const found = async (search: string): Promise<string[]> => (await model.productPage({ first: 10, search })).items.map(({ sku }) => sku)

  it('gives what was asked for in the order of asking, with its position', async () => {
    const position = history.events.length
    const products = await model.products(['B-1', 'nobody', 'A-1', 'B-1'])
    expect(products.position).to.equal(position)
    expect(products.value.map(row => row?.sku)).to.deep.equal(['B-1', undefined, 'A-1', 'B-1'])
    expect(products.value[2]).to.deep.equal(await bench.row('products', 'product:A-1'))
    expect((await model.locations(['OPO', 'opo'])).value.map(row => row?.kind)).to.deep.equal(['WAREHOUSE', undefined])
    const levels = await model.stockLevels([{ sku: 'A-1', location: 'OPO' }, { sku: 'OPO', location: 'A-1' }, { sku: 'C_1', location: 'FAO' }])
    expect(levels.value.map(row => row?.onHand)).to.deep.equal([3, undefined, 1_000_000_000_000])
    expect((await model.products([])).value).to.deep.equal([])
  })

  it('clamps what each location can promise before it adds up', async () => {
    const { value } = await model.totals(['A-1', 'nobody', 'a-2'])
    expect(value[0]).to.deep.equal({ onHand: 16, reserved: 8, unavailable: 0, available: 8, incoming: 0, safetyStock: 4, availableToPromise: 6 })
    expect(value[1]).to.deep.equal({ onHand: 0, reserved: 0, unavailable: 0, available: 0, incoming: 0, safetyStock: 0, availableToPromise: 0 })
    expect(value[2]).to.deep.include({ available: 23, availableToPromise: 28 })
  })

  it('filters stock levels by each field, and by all together', async () => {
    expect(await stock({ skus: ['a-2', 'B-1'] })).to.deep.equal(['B-1@OPO', 'a-2@LIS', 'a-2@OPO'])
    expect(await stock({ skus: [] })).to.deep.equal([])
    expect(await stock({ locations: ['LIS'] })).to.deep.equal(['A-1@LIS', 'a-2@LIS'])
    expect(await stock({ search: 'BLUE' })).to.deep.equal(['A-1@FAO', 'A-1@LIS', 'A-1@OPO', 'C_1@FAO'])
    expect(await stock({ onlyLow: true })).to.deep.equal(['A-1@LIS'])
    expect(await stock({ onlyAvailable: true })).to.have.length(6).and.not.include('B-1@OPO')
    expect(await stock({ minAvailable: 3, maxAvailable: 20 })).to.deep.equal(['A-1@FAO', 'A-1@OPO', 'a-2@LIS', 'a-2@OPO'])
    expect(await stock({ skus: ['A-1'], locations: ['LIS', 'OPO'], search: 'shirt', onlyAvailable: true, maxAvailable: 2 })).to.deep.equal(['A-1@LIS'])
  })

  it('filters products and locations', async () => {
    expect((await model.productPage({ first: 9, statuses: ['DISCONTINUED'] })).totalCount).to.equal(0)
    expect((await model.productPage({ first: 9, statuses: ['ACTIVE', 'DISCONTINUED'] })).totalCount).to.equal(4)
    expect((await model.locationPage({ first: 9, kinds: ['STORE'] })).items.map(({ code }) => code)).to.deep.equal(['FAO', 'LIS'])
  })

  it('searches the start of SKUs and words, whatever their case', async () => {
    expect(await found('a-')).to.deep.equal(['A-1', 'a-2'])
    expect(await found('c_')).to.deep.equal(['C_1'])
    expect(await found('ÉCHARPE')).to.deep.equal(['a-2'])
    expect(await found('shirt blue')).to.deep.equal(['A-1'])
    expect(await found('hirt')).to.deep.equal([])
    expect(await found('  ')).to.have.length(4)
  })

  it('takes nothing that is searched for as an operator', async () => {
    for (const text of ['"', '*', '%', '_', '\\', '""', '(', ':', '-', '^']) expect(await found(text), text).to.deep.equal([])
    expect(await found('"star*"')).to.deep.equal(['a-2'])
    expect(await found('st*r')).to.deep.equal([])
    expect(await found('50%')).to.deep.equal(['A-1'])
    expect(await found('blue OR shoes')).to.deep.equal([])
    expect(await found('name:blue NOT x')).to.deep.equal([])
    expect(await found('word '.repeat(500))).to.deep.equal([])
  })

  it('finds a product by its new name alone', async () => {
    history.add('product:A-1', { type: 'ProductUpdated', data: { name: 'Green Shirt' } })
    await bench.project(history)
    expect(await found('blue')).to.deep.equal(['C_1'])
    expect(await found('green')).to.deep.equal(['A-1'])
  })

  for (const orderBy of Object.keys(ORDERS) as StockQuery['orderBy'][]) {
    for (const direction of ['ASC', 'DESC'] as const) {
      it(`walks every row once by ${orderBy} ${direction}, though rows come in`, async () => {
        const expected = (await model.stockPage({ first: 100, orderBy: 'SKU', direction: 'ASC' })).items
          .toSorted((a, b) => compare(ORDERS[orderBy](a), ORDERS[orderBy](b)) * (direction === 'ASC' ? 1 : -1))
        const seen: StockLevelView[] = []
        let after: string | undefined
        for (let pages = 0; pages < 50; pages++) {
          const page = await model.stockPage({ first: 2, orderBy, direction, ...(after !== undefined && { after }) })
          expect(page.hasPreviousPage).to.equal(pages > 0)
          expect(page.totalCount).to.equal(expected.length + pages)
          seen.push(...page.items)
          if (!page.hasNextPage) break
          after = page.cursors.at(-1)
          history.stock(`${pages % 2 === 0 ? '0' : 'z'}-${pages}`, pages % 2 === 0 ? '0' : 'z', pages % 2 === 0 ? 1 : 2e12)
          await bench.project(history)
        }
        expect(seen.filter(({ sku }) => !/^[0z]-/.test(sku)).map(name)).to.deep.equal(expected.map(name))
        expect(new Set(seen.map(name)).size).to.equal(seen.length)
      })
    }
  }

  it('pages through products and locations', async () => {
    const one = await model.productPage({ first: 3 })
    const two = await model.productPage({ first: 3, after: one.cursors[2]! })
    expect([...one.items, ...two.items].map(({ sku }) => sku)).to.deep.equal(['A-1', 'B-1', 'C_1', 'a-2'])
    expect([one.hasNextPage, two.hasNextPage, two.totalCount]).to.deep.equal([true, false, 4])
    const { cursors } = await model.locationPage({ first: 1 })
    expect((await model.locationPage({ first: 5, after: cursors[0]! })).items.map(({ code }) => code)).to.deep.equal(['LIS', 'OPO'])
  })

  it('refuses cursors of other lists, other orders, and what is none', async () => {
    const { cursors } = await model.stockPage({ first: 1, orderBy: 'SKU', direction: 'ASC' })
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const others = ['', 'x', '%%%', `${cursors[0]!}=`, encoded(null), encoded({}), encoded(['stock ON_HAND', '3', 'A-1', 'LIS']), encoded(['stock ON_HAND', 3, 'A-1']), cursors[0]!]
    for (const after of others) {
      const failure = await model.stockPage({ first: 1, after, orderBy: 'ON_HAND', direction: 'ASC' }).catch((error: unknown) => error)
      expect(failure, after).to.be.instanceOf(InvalidCursor)
    }
    expect(await model.productPage({ first: 1, after: cursors[0]! }).catch((error: unknown) => error)).to.be.instanceOf(InvalidCursor)
    expect((await model.stockPage({ first: 1, after: cursors[0]!, orderBy: 'SKU', direction: 'DESC' })).items).to.have.length(0)
  })
})
