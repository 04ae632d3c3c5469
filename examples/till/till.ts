/** What a customer takes along. `receipt` is unique in the shop, for ever: a number that is printed, with its time. */
export interface Sale { readonly receipt: string; readonly soldAt: Date; readonly sku: string; readonly quantity: number }

export type Outcome =
  | { readonly kind: 'sold'; readonly onHand: number; readonly wasRepeated: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

export interface TillOptions {
  /** The server's /graphql. */
  readonly url: string
  /** The shop's code. */
  readonly location: string
  /** How long a sale is tried, in milliseconds, before the promise is rejected: it may be sent again even then. */
  readonly patience?: number
}

const SELL = `
  mutation Sell($input: RemoveStockInput!) {
    removeStock(input: $input) {
      replayed
      stockLevel { quantities { onHand } }
      userErrors { code message }
    }
  }
`

interface Answer {
  readonly data?: { readonly removeStock: { readonly replayed: boolean; readonly stockLevel: { readonly quantities: { readonly onHand: number } } | null; readonly userErrors: readonly { readonly code: string; readonly message: string }[] } } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number } }[]
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000
const ANSWER_WITHIN_MS = 5_000
/** What passes by itself. */
const PASSING = new Set(['UNAVAILABLE', 'RATE_LIMITED'])

/**
 * Sells one thing, once. The receipt is the idempotency key: a sale whose answer was lost on the way is sent again and
 * takes effect no second time. A sale counts from when it happened at the till, however late the server hears of it.
 */
export async function sell({ receipt, soldAt, sku, quantity }: Sale, { url, location, patience = 60_000 }: TillOptions): Promise<Outcome> {
  const input = { sku, location, quantity, reason: 'SOLD', reference: receipt, occurredAt: soldAt.toISOString(), idempotencyKey: `sale:${receipt}` }
  const until = Date.now() + patience
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, 2 * wait)) {
    const answer = await send(url, input).catch((error: unknown) => ({ lost: error }))
    if (!('lost' in answer)) return answer
    if (Date.now() + wait > until) throw new Error(`Receipt ${receipt} is not confirmed: send it again.`, { cause: answer.lost })
    await new Promise((resolve) => { setTimeout(resolve, wait * (0.5 + Math.random() / 2)) })
  }
}

/** Rejects where it is not known whether the sale took effect, or where trying again may help. */
async function send(url: string, input: object): Promise<Outcome> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SELL, variables: { input } }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  const { data, errors = [] } = (await response.json()) as Answer
  const [error] = errors
  if (error && !PASSING.has(error.extensions?.code ?? '')) return { kind: 'refused', code: error.extensions?.code ?? 'INTERNAL', message: error.message }
  if (error || !data) throw new Error(error?.message ?? `The server answered with status ${response.status}.`)
  const { replayed, stockLevel, userErrors: [refusal] } = data.removeStock
  return refusal ? { kind: 'refused', ...refusal } : { kind: 'sold', onHand: stockLevel?.quantities.onHand ?? 0, wasRepeated: replayed }
}
