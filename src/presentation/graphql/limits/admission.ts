import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { LRUCache } from 'lru-cache'
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

/** Throws QUERY_TOO_COMPLEX where the document is over a limit, a syntax error where it is none. */
export type Admission = (text: string, variables: Variables) => Admitted

/** Of the texts that are kept with what was made of them: once where variables change nothing, and once where they may. */
const KEPT_CHARACTERS_MAX = 4 * 1_048_576

export function createAdmission(schema: GraphQLSchema, limits: QueryLimits): Admission {
  const known = new LRUCache<string, Admitted>({ maxSize: KEPT_CHARACTERS_MAX, sizeCalculation: (_admitted, text) => text.length })
  const documents = new LRUCache<string, DocumentNode>({ maxSize: KEPT_CHARACTERS_MAX, sizeCalculation: (_document, text) => text.length })

  function read(text: string): DocumentNode {
    scan(text, limits)
    const document = parse(text, { maxTokens: limits.tokensMax })
    checkWritten(document, limits)
    documents.set(text, document)
    return document
  }

  return (text, variables) => {
    const before = known.get(text)
    if (before) return before
    const document = documents.get(text) ?? read(text)
    const { depth, cost, fields, isFixed } = weigh(schema, document, variables)
    if (fields > limits.rootFieldsMax) throw tooComplex('fields at its root', limits.rootFieldsMax)
    if (depth > limits.depthMax) throw tooComplex('fields in fields', limits.depthMax)
    if (cost > limits.costMax) throw tooComplex('fields to answer, with each list as long as it may get', limits.costMax)
    const admitted = { document, cost }
    if (isFixed) known.set(text, admitted)
    return admitted
  }
}
