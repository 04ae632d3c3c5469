import { location } from '../../src/domain/location.ts'
import { product } from '../../src/domain/product.ts'
import { given } from './given.ts'

const details = { sku: 'A', name: 'Apple', barcode: '4006381333931', unit: 'EACH', attributes: {} } as const
const place = { code: 'L', name: 'Lisbon', kind: 'STORE', timeZone: 'Europe/Lisbon' } as const
const registered = { type: 'ProductRegistered', data: details } as const
const opened = { type: 'LocationOpened', data: place } as const
const contents = { skus: [], reservations: [], transfers: [] }

describe('product', () => {
  it('is registered once, with a valid barcode', () => {
    given(product).when({ type: 'RegisterProduct', ...details }).then([registered])
    given(product, [registered]).when({ type: 'RegisterProduct', ...details }).refused('ALREADY_EXISTS')
    given(product).when({ type: 'RegisterProduct', ...details, barcode: '4006381333932' }).refused('INVALID_INPUT')
    given(product).when({ type: 'RegisterProduct', ...details, attributes: { constructor: 1 } }).refused('INVALID_INPUT')
  })
  it('is updated and discontinued only where that is news', () => {
    given(product, [registered]).when({ type: 'UpdateProduct', changes: { name: 'Apple' } }).then([])
    given(product, [registered]).when({ type: 'UpdateProduct', changes: { name: 'Pear' } }).then([{ type: 'ProductUpdated', data: { name: 'Pear' } }])
    given(product, [registered, { type: 'ProductDiscontinued', data: {} }]).when({ type: 'DiscontinueProduct' }).then([])
    given(product).when({ type: 'DiscontinueProduct' }).refused('NOT_FOUND')
  })
})

describe('location', () => {
  it('opens once, in a known time zone', () => {
    given(location).when({ type: 'OpenLocation', ...place }).then([opened])
    given(location, [opened]).when({ type: 'OpenLocation', ...place }).refused('ALREADY_EXISTS')
    given(location).when({ type: 'OpenLocation', ...place, timeZone: 'Mars/Base' }).refused('INVALID_INPUT')
  })
  it('closes only when empty, and then stays as it is', () => {
    const closed = { type: 'LocationClosed', data: {} } as const
    given(location, [opened]).when({ type: 'CloseLocation', contents: { ...contents, skus: ['A'] } }).refused('INVALID_STATE', { skus: ['A'] }, 'stock of A:')
    given(location, [opened]).when({ type: 'CloseLocation', contents: { skus: ['A', 'B', 'C', 'D'], reservations: ['reservation:1'], transfers: ['transfer:2'] } })
      .refused('INVALID_STATE', {}, 'stock of A, B, C and more; reservation:1; transfer:2')
    given(location, [opened]).when({ type: 'CloseLocation', contents }).then([closed])
    given(location, [opened, closed]).when({ type: 'CloseLocation', contents }).then([])
    given(location, [opened, closed]).when({ type: 'UpdateLocation', changes: { name: 'X' } }).refused('INVALID_STATE')
  })
})
