import { expect } from 'chai'
import fc from 'fast-check'
import { isValidGtin } from '../../src/domain/gtin.ts'
import { StockQuantity } from '../../src/domain/quantity.ts'
import { parseStream, streamName } from '../../src/domain/streams.ts'
import { identifier, prose } from '../../src/domain/text.ts'
import { upcast } from '../../src/domain/upcasting.ts'
import { refusal } from './given.ts'

describe('values', () => {
  it('a quantity never leaves the exact range', () => {
    const max = StockQuantity.of(Number.MAX_SAFE_INTEGER)
    expect(refusal(() => StockQuantity.add(max, StockQuantity.of(1))).code).to.equal('LIMIT_EXCEEDED')
    expect(refusal(() => StockQuantity.of(2 ** 53)).code).to.equal('INVALID_INPUT')
    expect(Object.is(StockQuantity.of(-0), 0)).to.equal(true)
  })
  it('a GTIN has a right check digit', () => {
    for (const good of ['96385074', '036000291452', '4006381333931', '10012345000017']) expect(isValidGtin(good), good).to.equal(true)
    for (const bad of ['96385075', '123', '', '4006381333931 ']) expect(isValidGtin(bad), bad).to.equal(false)
  })
  it('an identifier is printable and trimmed; prose may have lines', () => {
    for (const bad of ['', ' A', 'A\n', 'A'.repeat(65), '\ud800']) expect(refusal(() => identifier(bad, 'sku')).code).to.equal('INVALID_INPUT')
    expect(prose('a\r\nb\tc', 'note', 10)).to.equal('a\r\nb\tc')
    expect(refusal(() => prose('\u0000', 'note', 10)).code).to.equal('INVALID_INPUT')
  })
  it('stream names can be read back, whatever the parts', () => {
    const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('@', ':', '%', '%40', 'a@b:c%', '🍎é'))
    fc.assert(fc.property(part, part, (sku, place) => {
      expect(parseStream(streamName.stock(sku, place))).to.deep.equal({ kind: 'stock', parts: [sku, place] })
    }))
    expect(refusal(() => streamName.product('\ud800')).code).to.equal('INVALID_INPUT')
  })
  it('upcasts step by step, and refuses what it does not know', () => {
    const old = { type: 'T', schema: 1, data: 1 }
    const step = (data: unknown): unknown => ({ quantity: data })
    expect(upcast(old, { 'T@1': step }, { T: 2 })).to.deep.equal({ type: 'T', schema: 2, data: { quantity: 1 } })
    expect(() => upcast({ ...old, schema: 3 }, {}, { T: 2 })).to.throw('run a newer one')
    expect(() => upcast(old, {}, { T: 2 })).to.throw('no upcaster')
  })
})
