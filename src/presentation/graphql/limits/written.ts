import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql'
import type { QueryLimits } from '../../limits.ts'
import { tooComplex } from './refusal.ts'

/**
 * Refuses a document with too much written in it. It goes before validation, which compares each field with each other
 * of its name: on thousands of them it would take seconds.
 */
export function checkWritten(document: DocumentNode, limits: QueryLimits): void {
  const count = counter()
  visit(document, {
    enter(node) {
      const [what, max] = counted(node, limits) ?? []
      if (what !== undefined && max !== undefined) count(what, max)
      if (node.kind === Kind.FIELD && node.alias) count('aliases', limits.aliasesMax)
      return HOLDS_NOTHING.has(node.kind) ? false : undefined
    },
  })
}

/** Nothing that is counted stands under these. */
const HOLDS_NOTHING: ReadonlySet<Kind> = new Set([Kind.ARGUMENT, Kind.NAME])

function counted({ kind }: ASTNode, limits: QueryLimits): readonly [what: string, max: number] | undefined {
  switch (kind) {
    case Kind.FIELD: return ['fields', limits.fieldsMax]
    case Kind.DIRECTIVE: return ['directives', limits.directivesMax]
    case Kind.OPERATION_DEFINITION: return ['operations', limits.rootFieldsMax]
    case Kind.FRAGMENT_DEFINITION: case Kind.INLINE_FRAGMENT: case Kind.FRAGMENT_SPREAD: return ['fragments', limits.fragmentsMax]
    default: return undefined
  }
}

function counter(): (what: string, max: number) => void {
  const counts = new Map<string, number>()
  return (what, max) => {
    const count = (counts.get(what) ?? 0) + 1
    if (count > max) throw tooComplex(what, max)
    counts.set(what, count)
  }
}
