import { expect } from 'chai'
import { type Movement, runBoard } from '../../examples/live-board/board.ts'
import { eventually, openStore, type Store } from './store.ts'

describe('the live board', () => {
  let store: Store
  beforeEach(async () => { store = await openStore() })
  afterEach(async () => { await store.close() })

  const sell = (location: string, quantity: number) => store.act('removeStock', { sku: 'TEA', location, quantity, reason: 'SOLD' })

  async function show(meanwhile: (shown: Movement[]) => Promise<void>, after?: string): Promise<void> {
    const shown: Movement[] = []
    const stopping = new AbortController()
    const url = store.url.replace(/^http/, 'ws')
    const running = runBoard({ url, locations: ['LIS'], ...(after && { after }), show: (movement) => shown.push(movement) }, stopping.signal)
    await Promise.race([meanwhile(shown), running])
    stopping.abort()
    await running
  }

  it('goes on where it was when the server is killed, and where it was yesterday', async () => {
    const before = await store.act('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 }, 'cursor')
    let bookmark = ''
    await show(async (shown) => {
      await sell('LIS', 1)
      await sell('OPO', 1)
      await eventually(() => { expect(shown).to.have.length(1) })
      await store.restart()
      await sell('LIS', 2)
      await eventually(() => { expect(shown.map(({ delta, onHand }) => [delta, onHand])).to.deep.equal([[-1, 10], [-2, 8]]) })
      bookmark = shown.at(-1)?.cursor ?? ''
    }, before.cursor as string)
    await sell('LIS', 3)
    await show(async (shown) => {
      await eventually(() => { expect(shown.map(({ product, location, delta, onHand }) => [product, location, delta, onHand])).to.deep.equal([['Tea, 250 g', 'Lisbon', -3, 5]]) })
    }, bookmark)
  })

  it('says so where the server refuses to begin there', async () => {
    let refusal: unknown
    await show(() => new Promise(() => undefined), 'elsewhere').catch((error: unknown) => { refusal = error })
    expect(String(refusal)).to.include('BAD_USER_INPUT')
  })
})
