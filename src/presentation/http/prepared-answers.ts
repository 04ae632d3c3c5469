import { type ExecutionResult, type GraphQLFormattedError, GraphQLError } from 'graphql'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../graphql/context.ts'
import { codeOf, type FormatError } from '../graphql/errors.ts'
import type { BeginOperation } from '../graphql/operations.ts'
import type { PreparedDocuments } from '../graphql/prepared-documents.ts'

export interface PreparedAnswersOptions {
  readonly documents: PreparedDocuments
  readonly format: FormatError
  readonly beginOperation: BeginOperation
  /** Told of what an operation could not do. */
  onErrors(errors: readonly GraphQLError[], context: Context): void
}

/** With the headers that Apollo Server sends with an answer of its own. */
export function sendPrepared(response: ServerResponse, answer: string): void {
  response.writeHead(200, { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(answer) })
  response.end(answer)
}

interface Asked {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

/** The answer of a document that is prepared, to the byte what Apollo Server would send; undefined where it has to be asked. */
export type PreparedAnswers = (request: IncomingMessage, body: unknown, context: Context) => Promise<string | undefined>

export function createPreparedAnswers({ documents, format, beginOperation, onErrors }: PreparedAnswersOptions): PreparedAnswers {
  return async function answer(request, body, context) {
    if (!wantsPlainJson(request) || !isAsked(body)) return undefined
    const prepared = documents.find(body.query, body.operationName ?? undefined)
    if (!prepared) return undefined
    const running = beginOperation('http', context.caller)
    const result = await prepared.execute(context, body.variables ?? {})
    if (!result) return undefined
    const told = shown(result, format)
    if (result.errors) onErrors(result.errors, context)
    running.kind = prepared.operation
    running.name = prepared.operationName
    running.isPrepared = true
    running.note(told.errors)
    running.end()
    return `${JSON.stringify(told)}\n`
  }
}

type Shown = { readonly data: unknown; readonly errors?: readonly GraphQLFormattedError[] }

const shown = ({ errors, data }: ExecutionResult, format: FormatError): Shown =>
  (errors ? { errors: errors.map((error) => formatted(error, format)), data } : { data })

const formatted = (error: GraphQLError, format: FormatError): GraphQLFormattedError =>
  format({ ...error.toJSON(), extensions: { ...error.extensions, code: codeOf(error) ?? 'INTERNAL_SERVER_ERROR' } }, error)

/** Any other content type or accepted type is Apollo Server's to judge. */
function wantsPlainJson({ method, headers }: IncomingMessage): boolean {
  const { accept = '*/*' } = headers
  return method === 'POST' && /^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '') && /^(\*\/\*|application\/json)$/.test(accept)
}

function isAsked(body: unknown): body is Asked {
  if (!isRecord(body)) return false
  const { query, operationName, variables, extensions } = body
  return typeof query === 'string' && extensions === undefined &&
    (typeof operationName === 'string' || operationName == null) && (isRecord(variables) || variables == null)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
