import { expect } from 'chai'
import { createStorefront as withApollo, type Offer } from '../../examples/storefront-apollo/storefront.ts'
import { createStorefront as withUrql } from '../../examples/storefront-urql/storefront.ts'
import { eventually, openStore, type Store } from './store.ts'

for (const [name, createStorefront] of Object.entries({ withApollo, withUrql })) {
  describe(`the storefront ${name}`, () => {
    let store: Store
    let storefront: ReturnType<typeof createStorefront>

    beforeEach(async () => {
      store = await openStore()
      storefront = createStorefront(store.url)
    })

    afterEach(async () => {
      await storefront.close()
      await store.close()
    })

    it('shows what can be promised, and what happens to it', async () => {
      const shown: (readonly Offer[])[] = []
      const stop = await storefront.watch('TEA', (offers) => shown.push(offers))
      await eventually(() => { expect(shown.at(-1)).to.deep.equal([{ location: 'Lisbon', canBePromised: 10 }, { location: 'Porto', canBePromised: 4 }]) })
      await store.act('removeStock', { sku: 'TEA', location: 'OPO', quantity: 3, reason: 'SOLD' })
      await eventually(() => { expect(shown.at(-1)).to.deep.equal([{ location: 'Lisbon', canBePromised: 10 }, { location: 'Porto', canBePromised: 1 }]) })
      stop()
    })

    it('holds a cart once, however often it is clicked, and says what is too much', async () => {
      const lines = [{ sku: 'TEA', quantity: 9 }]
      const [first, second] = [await storefront.hold('cart-1', lines), await storefront.hold('cart-1', lines)]
      expect(first.userErrors).to.deep.equal([])
      expect(second.reservation?.id).to.equal(first.reservation?.id)
      const refused = await storefront.hold('cart-2', lines)
      expect(refused.reservation).to.equal(null)
      expect(refused.userErrors[0]?.code).to.equal('INSUFFICIENT_STOCK')
    })
  })
}
