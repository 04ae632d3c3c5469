import type { ExecutionResult } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Identity } from '../../application/access/identity.ts'

/** Results of what happened, for as long as somebody holds what happened. */
export interface SharedExecutions {
  /** The result of `run`, or of who asked the same of the same object before. */
  of(happened: object, question: string, run: () => Promise<ExecutionResult>): Promise<ExecutionResult>
}

/** Subscriptions that ask the same by the same rights are executed once for each change, however many they are. */
export function createSharedExecutions(): SharedExecutions {
  const executions = new WeakMap<object, Map<string, Promise<ExecutionResult>>>()
  return {
    of(happened, question, run) {
      const results = executions.get(happened) ?? new Map<string, Promise<ExecutionResult>>()
      executions.set(happened, results)
      const result = results.get(question) ?? run()
      results.set(question, result)
      return result
    },
  }
}

/** The same text for who asks the same and may see the same. */
export function questionOf({ query, operationName, variables }: SubscribePayload, { role, locations }: Identity): string {
  return JSON.stringify([query, operationName, variables, role, locations === 'all' ? locations : [...locations].sort()])
}
