import { type Client, createClient } from 'graphql-ws'
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { setImmediate as turn } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { TestServer } from './test-server.ts'

export interface Subscriber {
  /** The next so many answers of a subscription. Resolves with the way to wait for them once it has begun. */
  follow(field: string, count: number): Promise<() => Promise<Record<string, unknown>[]>>
  /** The errors that an operation is answered with, or ended. */
  refusals(query: string): Promise<readonly GraphQLFormattedError[]>
  close(): Promise<void>
}

type Answers = AsyncIterableIterator<FormattedExecutionResult<Record<string, unknown>>>

/** A client of the server over a real socket. */
export function subscriberOf({ url, test }: TestServer): Subscriber {
  const client: Client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 })
  const subscribers = (): number => test.inventory.status().subscribers

  async function taken(answers: Answers, count: number, name: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = []
    for await (const { data, errors } of answers) {
      if (errors) throw new Error(JSON.stringify(errors))
      found.push(data?.[name] as Record<string, unknown>)
      if (found.length === count) break
    }
    return found
  }

  return {
    async follow(field, count) {
      const others = subscribers()
      const found = taken(client.iterate({ query: `subscription { ${field} }` }) as Answers, count, /^\w+/.exec(field)?.[0] ?? '')
      const end = { isReached: false }
      void found.catch(() => undefined).finally(() => { end.isReached = true })
      while (subscribers() === others && !end.isReached) await turn()
      return () => found
    },
    refusals: (query) => (client.iterate({ query }) as Answers).next()
      .then(({ value }) => (value as FormattedExecutionResult).errors ?? [], (errors: unknown) => errors as GraphQLFormattedError[]),
    close: async () => { await client.dispose() },
  }
}
