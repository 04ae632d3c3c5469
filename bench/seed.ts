import { ask } from './client.ts'

/** So much of every SKU, that no run comes to its end. */
export const OPENING_STOCK = 100_000_000
export const LOCATION = 'LIS'

export const skuAt = (n: number): string => `SKU-${String(n).padStart(5, '0')}`

/** Changes of the first SKU, as a dashboard follows them; and such a change. */
export const FOLLOW = `subscription { stockChanged(skus: ["${skuAt(0)}"]) { cursor onHandDelta stockLevel { version product { sku name } location { code } quantities { onHand reserved available } } } }`
export const CHANGE = JSON.stringify({
  query: 'mutation ($input: AddStockInput!) { addStock(input: $input) { cursor userErrors { code } } }',
  variables: { input: { sku: skuAt(0), location: LOCATION, quantity: 1 } },
})

const AT_ONCE = 100
const ROWS_MAX = 10_000

/** One location, and so many products with stock there. */
export async function seed(url: string, skus: number): Promise<void> {
  await openShop(url, skus)
  await move(url, Array.from({ length: skus }, (_, n) => ({ sku: skuAt(n), location: LOCATION, delta: OPENING_STOCK })))
}

/** One location, and so many products that were never anywhere. */
export async function openShop(url: string, skus: number): Promise<void> {
  await ask(url, 'mutation ($code: String!) { openLocation(input: { code: $code, name: "Lisbon" }) { userErrors { code } } }', { code: LOCATION })
  const all = Array.from({ length: skus }, (_, n) => n)
  for (let from = 0; from < skus; from += AT_ONCE) {
    await Promise.all(all.slice(from, from + AT_ONCE).map((n) => ask(url,
      'mutation ($input: RegisterProductInput!) { registerProduct(input: $input) { userErrors { code } } }',
      { input: { sku: skuAt(n), name: `Product number ${n}` } },
    )))
  }
}

interface Movement { readonly sku: string; readonly location: string; readonly delta: number; readonly occurredAt?: string }

export async function move(url: string, movements: readonly Movement[]): Promise<void> {
  for (let from = 0; from < movements.length; from += ROWS_MAX) {
    await ask(url, 'mutation ($input: ApplyMovementsInput!) { applyMovements(input: $input) { userErrors { code } } }', { input: { movements: movements.slice(from, from + ROWS_MAX) } })
  }
}
