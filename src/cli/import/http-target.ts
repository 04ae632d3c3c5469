import { UsageError } from '../errors.ts'
import { createClient } from './graphql-client.ts'
import { digest } from './local-target.ts'
import { keyWithin } from './keys.ts'
import { type ImportTarget, outcomeOf } from './target.ts'

interface Payload { readonly replayed: boolean; readonly userErrors: readonly { readonly code: string; readonly message: string; readonly field: readonly string[] | null }[] }

const APPLY = `mutation ImportMovements($input: ApplyMovementsInput!) {
  done: applyMovements(input: $input) { replayed userErrors { code message field } }
}`
const REGISTER = 'mutation ImportProduct($input: RegisterProductInput!) { done: registerProduct(input: $input) { replayed userErrors { code message field } } }'
const OPEN = 'mutation ImportLocation($input: OpenLocationInput!) { done: openLocation(input: $input) { replayed userErrors { code message field } } }'
const POLICY = 'mutation ImportPolicy($input: SetStockPolicyInput!) { done: setStockPolicy(input: $input) { replayed userErrors { code message field } } }'
const PRODUCT = 'query ImportProductIsThere($key: String!) { found: product(sku: $key) { sku } }'
const LOCATION = 'query ImportLocationIsThere($key: String!) { found: location(code: $key) { code } }'
const DONE = 'query ImportIsDone($key: ID!) { events(filter: { correlationId: $key }, first: 1) { nodes { id } } }'

/** Through the API of a running server: the same batches under the same keys. */
export function httpTarget(url: string, token?: string): ImportTarget {
  const ask = createClient(endpoint(url), token)
  const make = async (query: string, input: object, correlationId: string): Promise<boolean> =>
    (await ask<{ done: Payload }>(query, { input }, correlationId)).done.userErrors.length === 0
  const absent = async (query: string, keys: readonly string[]): Promise<readonly string[]> => {
    const found = await Promise.all(keys.map((key) => ask<{ found: object | null }>(query, { key })))
    return keys.filter((_, index) => !found[index]?.found)
  }
  return {
    unknownProducts: (skus) => absent(PRODUCT, skus),
    unknownLocations: (codes) => absent(LOCATION, codes),
    registerProduct: (product, key) => make(REGISTER, { ...product, idempotencyKey: keyWithin(key, 'product', digest(product.sku)) }, key),
    openLocation: (code, key) => make(OPEN, { code, name: code, idempotencyKey: keyWithin(key, 'location', digest(code)) }, key),
    allowNegative: ({ sku, location }, key) =>
      make(POLICY, { sku, location, allowNegative: true, idempotencyKey: keyWithin(key, 'policy', digest(sku, location)) }, key),
    // Asking costs as much as setting, which changes nothing where it is set.
    strictLevels: (levels) => Promise.resolve(levels),
    async apply({ movements, errorPolicy, dryRun, key }) {
      const sent = movements.map((movement) => ({
        ...movement,
        ...(movement.occurredAt !== undefined && { occurredAt: new Date(movement.occurredAt).toISOString() }),
      }))
      const { done } = await ask<{ done: Payload }>(APPLY, { input: { movements: sent, errorPolicy, dryRun, idempotencyKey: key } }, key)
      const errors = done.userErrors.map((error) => ({ ...error, field: error.field?.slice(1) ?? [] }))
      return outcomeOf(errors, errorPolicy === 'SKIP_FAILED' || errors.length === 0, done.replayed)
    },
    isDone: async (key) => (await ask<{ events: { nodes: readonly unknown[] } }>(DONE, { key })).events.nodes.length > 0,
    close: () => Promise.resolve(),
  }
}

function endpoint(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`--url ${text} is no address: write it like http://127.0.0.1:4000.`)
  if (url.pathname === '/') url.pathname = '/graphql'
  return url.href
}
