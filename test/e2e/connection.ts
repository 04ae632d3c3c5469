import { Agent, request } from 'node:http'

interface Level { readonly version: number; readonly quantities: { readonly onHand: number } }
interface UserError { readonly code: string; readonly message: string; readonly field: readonly string[] | null; readonly details: Readonly<Record<string, number>> }
interface Payload { readonly cursor: string; readonly replayed: boolean; readonly stockLevel: Level; readonly userErrors: readonly UserError[] }

/** As far as it was asked for, where there are no errors. */
interface Data {
  readonly addStock: Payload
  readonly removeStock: Payload
  readonly applyMovements: { readonly applied: number; readonly userErrors: readonly UserError[] }
  readonly stockLevel: Level
  readonly events: { readonly nodes: readonly object[] }
}

export interface Answer {
  readonly status: number
  readonly data: Data
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** One connection to a server, kept open between requests: all that is asked over it is answered by one process. */
export interface Connection {
  /** Rejects where the connection breaks; the next request opens it anew. */
  ask(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string): Promise<string>
  close(): void
}

export function connectTo(url: string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = (to: URL, method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(to, { agent, method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => { text += piece }).on('error', reject)
        response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }) })
      })
      sent.on('error', reject).end(body)
    })
  return {
    async ask(query, variables = {}, headers = {}) {
      const { status, text } = await send(new URL(url), 'POST', { 'content-type': 'application/json', ...headers }, JSON.stringify({ query, variables }))
      return { status, ...JSON.parse(text) as Omit<Answer, 'status'> }
    },
    get: async (path) => (await send(new URL(path, url), 'GET', {})).text,
    close() { agent.destroy() },
  }
}
