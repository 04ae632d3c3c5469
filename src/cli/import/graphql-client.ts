import { setTimeout as wait } from 'node:timers/promises'
import { CommandFailed } from '../errors.ts'
import { atOnce } from './at-once.ts'

const CALLS_AT_ONCE = 16
const TRIES = 6
const FIRST_WAIT_MS = 250

interface GraphQLAnswer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number } }[]
}

export type Ask = <Data>(query: string, variables: object, correlationId?: string) => Promise<Data>

type Failed = { readonly message: string; readonly isFinal: boolean; readonly retryAfterMs?: number | undefined }

/** Asks a server, with the token where it wants one; again where it is away or busy: everything that is sent may be sent twice. */
export function createClient(url: string, token?: string): Ask {
  const limited = atOnce(CALLS_AT_ONCE)
  return <Data>(query: string, variables: object, correlationId?: string) => limited(async () => {
    const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(correlationId !== undefined && { 'x-correlation-id': correlationId }) }
    const body = JSON.stringify({ query, variables })
    for (let tried = 1; ; tried++) {
      const answer = await post(url, headers, body)
      if ('data' in answer) return answer.data as Data
      if (answer.isFinal || tried === TRIES) throw new CommandFailed(`${url} could not be asked: ${answer.message}`)
      await wait(answer.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (tried - 1))
    }
  })
}

const PASSING = new Set(['UNAVAILABLE', 'RATE_LIMITED'])

async function post(url: string, headers: Record<string, string>, body: string): Promise<{ readonly data: unknown } | Failed> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body })
    const { data, errors: [error] = [] } = (await response.json()) as GraphQLAnswer
    if (!error && data) return { data }
    const isFinal = !PASSING.has(error?.extensions?.code ?? '')
    return { message: error?.message ?? `it answers ${response.status} and no data.`, isFinal, retryAfterMs: error?.extensions?.retryAfterMs }
  } catch (error) {
    if (error instanceof SyntaxError) return { message: 'it does not answer as a GraphQL server does.', isFinal: true }
    return { message: reasonOf(error), isFinal: false }
  }
}

/** fetch itself only says that it failed. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
