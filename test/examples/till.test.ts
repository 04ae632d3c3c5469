import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Sale, sell } from '../../examples/till/till.ts'
import { openStore, type Store } from './store.ts'

/** A way to the server on which answers get lost: the sale is done, and the till does not hear of it. */
async function losing(url: string, losses: number): Promise<{ readonly server: Server; readonly url: string }> {
  let left = losses
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.concat(chunks) }).then(async (answer) => {
        const text = await answer.text()
        left -= 1
        if (left >= 0) request.socket.destroy()
        else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` }
}

/** As it is printed: the same however often it is sent. */
const sale = (receipt: string, quantity: number): Sale => ({ receipt, soldAt: new Date(Date.now() - 1_000), sku: 'TEA', quantity })

describe('the till', () => {
  let store: Store
  beforeEach(async () => { store = await openStore() })
  afterEach(async () => { await store.close() })

  it('sells once, however often the answer is lost on its way', async () => {
    const way = await losing(store.url, 3)
    try {
      const outcome = await sell(sale('R-1', 2), { url: way.url, location: 'LIS' })
      expect(outcome).to.deep.equal({ kind: 'sold', onHand: 8, wasRepeated: true })
    } finally {
      way.server.close()
    }
  })

  it('waits for a server that is away, and sells when it is back', async () => {
    const { url } = store
    const restarted = store.restart()
    const outcome = await sell(sale('R-2', 1), { url, location: 'LIS' })
    await restarted
    expect(outcome).to.include({ kind: 'sold', onHand: 9 })
  })

  it('takes a refusal as an answer', async () => {
    const outcome = await sell(sale('R-3', 11), { url: store.url, location: 'LIS' })
    expect(outcome).to.include({ kind: 'refused', code: 'INSUFFICIENT_STOCK' })
  })

  it('gives up after its patience, and may send the same again', async () => {
    const way = await losing(store.url, 1_000)
    const unconfirmed = sale('R-4', 1)
    let refusal: unknown
    await sell(unconfirmed, { url: way.url, location: 'LIS', patience: 300 }).catch((error: unknown) => { refusal = error })
    way.server.close()
    expect(String(refusal)).to.include('Receipt R-4 is not confirmed: send it again.')
    expect(await sell(unconfirmed, { url: store.url, location: 'LIS' })).to.include({ kind: 'sold', onHand: 9, wasRepeated: true })
  })
})
