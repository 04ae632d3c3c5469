import {
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, getNamedType, getNullableType, type GraphQLField, type GraphQLNamedType, type GraphQLSchema,
  isCompositeType, isInterfaceType, isListType, isObjectType, Kind, type OperationDefinitionNode, SchemaMetaFieldDef, type SelectionSetNode, TypeMetaFieldDef,
} from 'graphql'

/** What an operation may come to at the most. */
export interface Weight {
  readonly depth: number
  /** Fields of the answer, with each list as long as it may get. */
  readonly cost: number
  /** At its root. */
  readonly fields: number
  /** Whether it is the same whatever the variables say. */
  readonly isFixed: boolean
}

export type Variables = Readonly<Record<string, unknown>> | null | undefined

/** Of a page where the API names no number itself. */
const PAGE_ITEMS = 50
const PAGE_ITEMS_MAX = 200
/** Of a list that is no page, such as the lines of a reservation. */
const LIST_ITEMS = 10
/** Of a list of the schema, such as the fields of a type: what tools ask for to know it whole must come through. */
const SCHEMA_LIST_ITEMS = 4

interface Reach { readonly depth: number; readonly cost: number; readonly fields: number }

const NOTHING: Reach = { depth: 0, cost: 0, fields: 0 }
const both = (a: Reach, b: Reach): Reach => ({ depth: Math.max(a.depth, b.depth), cost: a.cost + b.cost, fields: a.fields + b.fields })
const heavier = (a: Weight, b: Weight): Weight => ({
  depth: Math.max(a.depth, b.depth), cost: Math.max(a.cost, b.cost), fields: Math.max(a.fields, b.fields), isFixed: a.isFixed && b.isFixed,
})

/**
 * The heaviest operation of a document. Each fragment is weighed once, so it takes as long as the document is long; one
 * that leads back to itself weighs nothing there, as validation refuses it.
 */
export function weigh(schema: GraphQLSchema, document: DocumentNode, variables: Variables): Weight {
  const operations: OperationDefinitionNode[] = []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return operations.map((operation) => {
    const scales = new Scales(schema, fragments, numbers(operation, variables))
    return { ...scales.selections(operation.selectionSet, schema.getRootType(operation.operation)), isFixed: !scales.hasReadVariables }
  }).reduce(heavier, { ...NOTHING, isFixed: true })
}

/** What variables say where they are numbers, given or by default. */
function numbers({ variableDefinitions = [] }: OperationDefinitionNode, variables: Variables): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { variable: { name: { value: name } }, defaultValue } of variableDefinitions) {
    const given = variables && Object.hasOwn(variables, name) ? variables[name] : undefined
    if (typeof given === 'number') found.set(name, given)
    else if (given === undefined && defaultValue?.kind === Kind.INT) found.set(name, Number(defaultValue.value))
  }
  return found
}

class Scales {
  hasReadVariables = false
  /** Weighed already; undefined while it is being weighed. */
  readonly #weighed = new Map<string, Reach | undefined>()
  constructor(
    readonly schema: GraphQLSchema,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    readonly variables: ReadonlyMap<string, number>,
  ) {}

  selections({ selections }: SelectionSetNode, type: GraphQLNamedType | null | undefined): Reach {
    return selections.reduce((reach, selection) => {
      if (selection.kind === Kind.FIELD) return both(reach, this.#field(selection, type))
      if (selection.kind === Kind.FRAGMENT_SPREAD) return both(reach, this.#fragment(selection.name.value))
      const on = selection.typeCondition ? this.schema.getType(selection.typeCondition.name.value) : type
      return both(reach, this.selections(selection.selectionSet, on))
    }, NOTHING)
  }

  #fragment(name: string): Reach {
    const fragment = this.fragments.get(name)
    if (!fragment || this.#weighed.has(name)) return this.#weighed.get(name) ?? NOTHING
    this.#weighed.set(name, undefined)
    const reach = this.selections(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value))
    this.#weighed.set(name, reach)
    return reach
  }

  #field(node: FieldNode, parent: GraphQLNamedType | null | undefined): Reach {
    if (!node.selectionSet) return { depth: 1, cost: 1, fields: 1 }
    const field = fieldOf(parent, node.name.value)
    const { depth, cost } = this.selections(node.selectionSet, field && getNamedType(field.type))
    return { depth: 1 + depth, cost: 1 + cost * this.#items(node, field, parent), fields: 1 }
  }

  /** How often what is selected of a field may stand in the answer. */
  #items(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined, parent: GraphQLNamedType | null | undefined): number {
    if (!field) return 1
    if (field.args.some(({ name }) => name === 'first')) return Math.min(Math.max(this.#asked(node) ?? PAGE_ITEMS, 1), PAGE_ITEMS_MAX)
    // A page's lists are as long as the page, which was counted with the field that gives it.
    if (!isListType(getNullableType(field.type)) || fieldOf(parent, 'pageInfo') !== undefined) return 1
    return parent?.name.startsWith('__') ? SCHEMA_LIST_ITEMS : LIST_ITEMS
  }

  #asked({ arguments: given = [] }: FieldNode): number | undefined {
    const value = given.find(({ name }) => name.value === 'first' || name.value === 'last')?.value
    if (value?.kind === Kind.INT) return Number(value.value)
    if (value?.kind !== Kind.VARIABLE) return undefined
    this.hasReadVariables = true
    return this.variables.get(value.name.value)
  }
}

function fieldOf(type: GraphQLNamedType | null | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  return isCompositeType(type) && (isObjectType(type) || isInterfaceType(type)) ? type.getFields()[name] : undefined
}
