import { expect } from 'chai'
import { layOut, readMapping, readPreset } from '../../src/cli/import/mapping.ts'

describe('the mapping of an import', () => {
  it('lets --map override the preset', () => {
    expect(readMapping(['location=Shop'], readPreset('online-retail'))).to.deep.include({ sku: 'StockCode', location: 'Shop', delta: '-Quantity' })
  })

  it('negates with a minus, but for a column that is called so', () => {
    const at = { sku: 0, location: 1, delta: 2 }
    expect(layOut(['sku', 'location', 'sold'], { delta: '-sold' }, 'f')).to.deep.equal({ at, isNegated: true })
    expect(layOut(['sku', 'location', '-sold'], { delta: '-sold' }, 'f')).to.deep.equal({ at, isNegated: false })
  })

  it('says what to write instead', () => {
    expect(() => readMapping(['skew=Code'], undefined)).to.throw('write FIELD=COLUMN, with FIELD one of sku, location')
    expect(() => readMapping(['sku'], undefined)).to.throw('--map sku is no mapping')
    expect(() => readPreset('offline')).to.throw('there is online-retail')
    expect(() => layOut(['sku', 'location', 'delta'], { reason: 'Why' }, 'f.csv')).to.throw('f.csv has no column Why for reason. Its columns are sku, location, delta')
  })
})
