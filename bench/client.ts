export interface BenchAnswer { readonly text: string; readonly bytes: number }

/** Resolves with the answer to a request for `/graphql`, which must hold no error. */
export async function answerOf(url: string, body: string): Promise<BenchAnswer> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const text = await response.text()
  requireGood(text)
  return { text, bytes: Buffer.byteLength(text) }
}

export const ask = (url: string, query: string, variables: object = {}): Promise<BenchAnswer> => answerOf(url, JSON.stringify({ query, variables }))

/** A refused or failed request would be cheap: it must not be counted. */
export function requireGood(answer: string): void {
  if (answer.includes('"errors":[') || answer.includes('"userErrors":[{')) throw new Error(`The server answered with errors: ${answer.slice(0, 500)}`)
}
