import type { ApolloServerPlugin } from '@apollo/server'
import { type DocumentNode, type ExecutionResult, getOperationAST, type GraphQLSchema, type OperationTypeNode } from 'graphql'
import type { CompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import type { Context } from './context.ts'

/** A document that was accepted once and is compiled: its next requests need neither parsing nor validation. */
export interface PreparedDocument {
  readonly document: DocumentNode
  readonly operation: OperationTypeNode
  readonly operationName: string | undefined
  /** Undefined where the variables do not fit the operation: nothing was executed. */
  execute(context: Context, variables: Variables): Promise<ExecutionResult | undefined>
}

export interface PreparedDocuments {
  /** Takes in what Apollo Server has answered without an error. */
  readonly plugin: ApolloServerPlugin<Context>
  find(query: string, operationName: string | undefined): PreparedDocument | undefined
}

type Variables = Readonly<Record<string, unknown>>

/** Far more than the documents that the clients of a shop send again and again. */
const PREPARED_MAX = 500
const TEXT_LENGTH_MAX = 16_384
/** Who writes values into the text never sends it again, and it is not worth compiling. */
const ANSWERS_MIN = 2
/** Of which we remember how often they came. */
const SEEN_MAX = 5_000

/** Documents by their text and operation name, the least used let go first; each once it was answered so often without an error. */
export function createPreparedDocuments(schema: GraphQLSchema, answersMin = ANSWERS_MIN): PreparedDocuments {
  const prepared = new LRUCache<string, PreparedDocument>({ max: PREPARED_MAX })
  const seen = new LRUCache<string, number>({ max: SEEN_MAX })

  async function accept(query: string, operationName: string | undefined, document: DocumentNode): Promise<void> {
    const key = keyOf(query, operationName)
    if (query.length > TEXT_LENGTH_MAX || prepared.has(key)) return
    const answers = (seen.get(key) ?? 0) + 1
    seen.set(key, answers)
    if (answers < answersMin) return
    const made = await prepare(schema, document, operationName)
    if (made) prepared.set(key, made)
  }

  return {
    plugin: {
      requestDidStart: () => Promise.resolve({
        async willSendResponse({ request, document, response }) {
          const { body } = response
          const isGood = body.kind === 'single' && body.singleResult.errors === undefined
          if (isGood && document && request.query !== undefined) await accept(request.query, request.operationName, document)
        },
      }),
    },
    find: (query, operationName) => prepared.get(keyOf(query, operationName)),
  }
}

const keyOf = (query: string, operationName: string | undefined): string =>
  operationName === undefined ? query : `${operationName}\n${query}`

async function prepare(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): Promise<PreparedDocument | undefined> {
  // Loaded with the first of them, as the start need not wait for it.
  const { compileQuery, isCompiledQuery } = await import('graphql-jit')
  const compiled = compileQuery(schema, document, operationName, { disablingCapturingStackErrors: true })
  const operation = getOperationAST(document, operationName)
  if (!isCompiledQuery(compiled) || !operation) return undefined
  return { document, operation: operation.operation, operationName: operation.name?.value, execute: (context, variables) => executed(compiled, context, variables) }
}

async function executed({ query }: CompiledQuery, context: Context, variables: Variables): Promise<ExecutionResult | undefined> {
  const result = await query(undefined, context, variables)
  return 'data' in result ? result : undefined
}
