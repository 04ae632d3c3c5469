/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import type { Api } from './api.ts'
import { LOCATION, page, PRODUCT } from './selections.ts'

export async function products({ ask, mutate, refused }: Api): Promise<void> {
  const input = { sku: 'TEA', name: 'Green tea', barcode: '4006381333931', unit: 'GRAM', attributes: { colour: 'green' }, idempotencyKey: 'p-1' }
  const { product } = await mutate('registerProduct', input, `product { ${PRODUCT} }`)
  const { idempotencyKey, ...said } = input
  expect(product).to.deep.include({ ...said, id: 'product:TEA', status: 'ACTIVE', version: 1 })
  expect((await mutate('registerProduct', input)).replayed).to.equal(true)
  expect(await refused('registerProduct', { ...input, idempotencyKey: 'p-2' })).to.equal('ALREADY_EXISTS')
  for (const sku of ['MUG', 'OLD']) await mutate('registerProduct', { sku, name: `The ${sku}` })
  const changes = { sku: 'TEA', name: 'White tea', barcode: '96385074', attributes: { colour: 'white' } }
  expect((await mutate('updateProduct', { ...changes, expectedVersion: 1, idempotencyKey: 'p-3' }, 'product { name barcode attributes version }')).product)
    .to.deep.equal({ name: 'White tea', barcode: '96385074', attributes: { colour: 'white' }, version: 2 })
  expect((await mutate('discontinueProduct', { sku: 'OLD', expectedVersion: 1, idempotencyKey: 'p-4' }, 'product { status }')).product.status).to.equal('DISCONTINUED')
  const found = await ask(`query($search: String, $statuses: [ProductStatus!], $first: Int, $after: String) {
    product(sku: "TEA") { ${PRODUCT} } products(search: $search, statuses: $statuses, first: $first, after: $after) { ${page(PRODUCT)} } }`,
  { search: 't', statuses: ['ACTIVE'], first: 1 })
  expect(found.product).to.deep.include(changes)
  expect(found.products).to.deep.include({ totalCount: 2 })
  const { endCursor } = found.products.pageInfo
  const rest = await ask('query($after: String) { products(first: 5, after: $after) { nodes { sku } pageInfo { hasPreviousPage } } }', { after: endCursor })
  expect(rest.products).to.deep.equal({ nodes: [{ sku: 'OLD' }, { sku: 'TEA' }], pageInfo: { hasPreviousPage: true } })
}

export async function locations({ ask, mutate, refused }: Api): Promise<void> {
  const input = { code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'Europe/Lisbon', idempotencyKey: 'l-1' }
  const { location } = await mutate('openLocation', input, `location { ${LOCATION} }`)
  const { idempotencyKey, ...said } = input
  expect(location).to.deep.include({ ...said, id: 'location:LIS', status: 'OPEN', version: 1 })
  expect(await refused('openLocation', { ...input, idempotencyKey: 'l-2' })).to.equal('ALREADY_EXISTS')
  for (const code of ['OPO', 'RTM', 'SHUT']) await mutate('openLocation', { code, name: code })
  const changes = { code: 'RTM', name: 'Rotterdam', kind: 'WAREHOUSE', timeZone: 'Europe/Amsterdam' }
  expect((await mutate('updateLocation', { ...changes, expectedVersion: 1, idempotencyKey: 'l-3' }, `location { ${LOCATION} }`)).location).to.deep.include(changes)
  expect((await mutate('closeLocation', { code: 'SHUT', expectedVersion: 1, idempotencyKey: 'l-4' }, 'location { status }')).location.status).to.equal('CLOSED')
  const found = await ask(`query($kinds: [LocationKind!], $first: Int, $after: String) {
    location(code: "RTM") { ${LOCATION} } locations(kinds: $kinds, first: $first, after: $after) { ${page(LOCATION)} } }`, { kinds: ['STORE'], first: 1 })
  expect(found.location).to.deep.include(changes)
  expect(found.locations).to.deep.include({ totalCount: 3 })
  const rest = await ask('query($after: String) { locations(after: $after) { nodes { code } } }', { after: found.locations.pageInfo.endCursor })
  expect(rest.locations.nodes).to.deep.equal(['OPO', 'RTM', 'SHUT'].map((code) => ({ code })))
}
