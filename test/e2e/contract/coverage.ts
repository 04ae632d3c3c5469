import {
  type GraphQLField, type GraphQLInputType, type GraphQLNamedType, type GraphQLSchema, type DocumentNode, type FragmentDefinitionNode, getNamedType,
  getOperationAST, isInputObjectType, isInterfaceType, isObjectType, Kind, parse, type SelectionSetNode, valueFromASTUntyped,
} from 'graphql'

type Variables = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, unknown>>

/**
 * What of a schema was asked for and answered. A field counts where it was answered with something: not null, no empty
 * list. An argument or a field of an input counts where it was given something, and nothing was refused.
 */
export class Coverage {
  readonly #covered = new Set<string>()

  constructor(private readonly schema: GraphQLSchema) {}

  /** An operation and its answer, which had no errors. */
  note(query: string, variables: Variables, data: Answer): void {
    const document = parse(query)
    const operation = getOperationAST(document)
    const root = operation && this.schema.getRootType(operation.operation)
    if (!root) throw new Error(`The operation is of no known kind: ${query}`)
    const asked = { variables, fragments: fragmentsOf(document) }
    this.#answers(operation.selectionSet, root, [data], asked)
  }

  /** By their places, such as Query.stockLevel, Query.stockLevel(asOf) and StockFilter.skus. */
  missing(): string[] {
    return placesOf(this.schema).filter((place) => !this.#covered.has(place))
  }

  #answers({ selections }: SelectionSetNode, type: GraphQLNamedType, values: readonly Answer[], asked: Asked): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = fieldsOf(type)[selection.name.value]
        if (!field) continue
        const found = values.flatMap((value) => flat(value[selection.alias?.value ?? selection.name.value]))
        if (found.length === 0) continue
        this.#covered.add(`${type.name}.${field.name}`)
        if (!isRefused(found)) for (const { name, value } of selection.arguments ?? []) this.#given(type, field, name.value, valueFromASTUntyped(value, asked.variables))
        if (selection.selectionSet) this.#answers(selection.selectionSet, getNamedType(field.type), found as Answer[], asked)
      } else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? asked.fragments.get(selection.name.value) : selection
        const condition = fragment?.typeCondition ? this.schema.getType(fragment.typeCondition.name.value) : type
        if (fragment && condition) this.#answers(fragment.selectionSet, condition, values.filter((value) => isOf(value, condition)), asked)
      }
    }
  }

  #given(type: GraphQLNamedType, { name: field, args }: Field, name: string, value: unknown): void {
    if (value == null) return
    this.#covered.add(`${type.name}.${field}(${name})`)
    const argument = args.find((each) => each.name === name)
    if (argument) this.#input(argument.type, value)
  }

  #input(inputType: GraphQLInputType, value: unknown): void {
    const type = getNamedType(inputType)
    if (!isInputObjectType(type)) return
    for (const item of flat(value) as Answer[]) {
      for (const { name, type: fieldType } of Object.values(type.getFields())) {
        if (item[name] == null) continue
        this.#covered.add(`${type.name}.${name}`)
        this.#input(fieldType, item[name])
      }
    }
  }
}

interface Asked { readonly variables: Variables; readonly fragments: ReadonlyMap<string, FragmentDefinitionNode> }
type Field = GraphQLField<unknown, unknown>

/** Every field of every type, every argument, and every field of every input. */
function placesOf(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  return types.flatMap((type) => [
    ...Object.values(fieldsOf(type)).flatMap(({ name, args }) => [`${type.name}.${name}`, ...args.map((argument) => `${type.name}.${name}(${argument.name})`)]),
    ...(isInputObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : []),
  ])
}

const fieldsOf = (type: GraphQLNamedType): Readonly<Record<string, Field>> => (isObjectType(type) || isInterfaceType(type) ? type.getFields() : {})

const fragmentsOf = ({ definitions }: DocumentNode): Asked['fragments'] =>
  new Map(definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION).map((definition) => [definition.name.value, definition]))

/** What there is in a value: each item of a list. */
const flat = (value: unknown): unknown[] => (value == null ? [] : Array.isArray(value) ? value.flatMap(flat) : [value])

/** Of an answer that doesn't say its type, the document must have known it. */
const isOf = ({ __typename: name }: Answer, type: GraphQLNamedType): boolean => name === undefined || !isObjectType(type) || name === type.name

const isRefused = (found: readonly unknown[]): boolean =>
  found.some((value) => typeof value === 'object' && value !== null && flat((value as Answer).userErrors).length > 0)
