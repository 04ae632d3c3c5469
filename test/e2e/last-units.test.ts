import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const UNITS = 100
const CLIENTS = 50
const SALES = 1_000

interface Sale {
  readonly stockLevel: { readonly version: number; readonly quantities: { readonly onHand: number } } | null
  readonly userErrors: readonly { readonly code: string; readonly details: Readonly<Record<string, number>> }[]
}

describe('the last units of a product', () => {
  let directory: string
  let server: ServerProcess

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-last-'))
    server = await startServerProcess(directory)
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    await server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: UNITS }, 'cursor')
  })

  after(async () => {
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  const sell = () => server.mutate('removeStock', { sku: 'MUG', location: 'LIS', quantity: 1, reason: 'SOLD' },
    'stockLevel { version quantities { onHand } }') as unknown as Promise<Sale>

  it(`are sold once each, where ${CLIENTS} clients ask for ${SALES} of ${UNITS}`, async () => {
    const sales: Sale[] = []
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
      for (let n = 0; n < SALES / CLIENTS; n++) sales.push(await sell())
    }))
    const sold = sales.flatMap(({ stockLevel, userErrors }) => (userErrors.length === 0 && stockLevel ? [stockLevel] : []))
    const refused = sales.flatMap(({ userErrors }) => userErrors)
    expect([sold.length, refused.length]).to.deep.equal([UNITS, SALES - UNITS])
    expect(sold.map(({ version }) => version).sort((a, b) => a - b), 'versions are not contiguous')
      .to.deep.equal(Array.from({ length: UNITS }, (_, n) => n + 2))
    for (const { version, quantities } of sold) expect(quantities.onHand).to.equal(UNITS + 1 - version)
    for (const { code, details } of refused) {
      expect(code).to.equal('INSUFFICIENT_STOCK')
      expect(details).to.include({ requested: 1, available: 0, availableToPromise: 0, onHand: 0, version: UNITS + 1 })
    }
  })
})
