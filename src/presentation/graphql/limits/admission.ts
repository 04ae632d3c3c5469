import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { LRUCache } from 'lru-cache'
import { setImmediate as turn } from 'node:timers/promises'
import type { QueryLimits } from '../../limits.ts'
import { tooComplex } from './refusal.ts'
import { scan } from './scan.ts'
import { type Variables, weigh } from './weigh.ts'
import { checkWritten } from './written.ts'

export interface Admitted {
  readonly document: DocumentNode
  /** Fields of the answer at the most. */
  readonly cost: number
}

/**
 * Fails with QUERY_TOO_COMPLEX where the document is over a limit, with a syntax error where it is none. What was looked at
 * before is answered at once.
 */
export type Admission = (text: string, variables: Variables) => Admitted | Promise<Admitted>

/** Of the texts that are kept with what was made of them: once where variables change nothing, and once where they may. */
const KEPT_CHARACTERS_MAX = 4 * 1_048_576

export function createAdmission(schema: GraphQLSchema, limits: QueryLimits): Admission {
  const known = new LRUCache<string, Admitted>({ maxSize: KEPT_CHARACTERS_MAX, sizeCalculation: (_admitted, text) => text.length })
  const ownTurn = turns()
  const documents = new LRUCache<string, DocumentNode>({ maxSize: KEPT_CHARACTERS_MAX, sizeCalculation: (_document, text) => text.length })

  function read(text: string): DocumentNode {
    scan(text, limits)
    const document = parse(text, { maxTokens: limits.tokensMax })
    checkWritten(document, limits)
    documents.set(text, document)
    return document
  }

  function weighed(text: string, document: DocumentNode, variables: Variables): Admitted {
    const { depth, cost, fields, isFixed } = weigh(schema, document, variables)
    if (fields > limits.rootFieldsMax) throw tooComplex('fields at its root', limits.rootFieldsMax)
    if (depth > limits.depthMax) throw tooComplex('fields in fields', limits.depthMax)
    if (cost > limits.costMax) throw tooComplex('fields to answer, with each list as long as it may get', limits.costMax)
    const admitted = { document, cost }
    if (isFixed) known.set(text, admitted)
    return admitted
  }

  return (text, variables) => {
    const look = (): Admitted => weighed(text, documents.get(text) ?? read(text), variables)
    return known.get(text) ?? (documents.has(text) ? look() : ownTurn().then(look))
  }
}

/**
 * One after the other, each in a turn of the event loop of its own: to read, check and prepare a document takes far longer
 * than to answer one that is known, and whoever asks for those passes by.
 */
function turns(): () => Promise<void> {
  let last = Promise.resolve()
  return () => (last = last.then(() => turn()))
}
