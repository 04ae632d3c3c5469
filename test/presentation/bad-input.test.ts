import { expect } from 'chai'
import { getNamedType, getNullableType, type GraphQLInputField, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredInputField } from 'graphql'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { BAD_VALUES, goodInputs, WRONG_TYPES } from './bad-input.rows.ts'
import { openShop } from './shop.ts'
import { inputType, type TestServer } from './test-server.ts'

interface Place {
  readonly mutation: string
  /** Input and field, such as AddStockInput.sku. */
  readonly name: string
  /** Into the input: the first row stands for all of a list. */
  readonly path: readonly string[]
  readonly field: GraphQLInputField
}

const schema = await createSchema()

/** Every field of every input of every mutation. */
const places = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) =>
  args.flatMap(({ type }) => placesIn(name, getNamedType(type), [])))

function placesIn(mutation: string, type: unknown, path: readonly string[]): readonly Place[] {
  if (!isInputObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => {
    const here = [...path, field.name]
    const within = isListType(getNullableType(field.type)) ? [...here, '0'] : here
    return [{ mutation, name: `${type.name}.${field.name}`, path: here, field }, ...placesIn(mutation, getNamedType(field.type), within)]
  })
}

/** Values that are not of the field's type. */
function wrongTypes({ field: { type } }: Place): readonly unknown[] {
  const named = getNamedType(type)
  const kind = isListType(getNullableType(type)) ? 'list' : isEnumType(named) ? 'enum' : isInputObjectType(named) ? 'input' : named.name
  return [...(WRONG_TYPES[kind] ?? []), ...(isNonNullType(type) ? [null] : [])]
}

const badValues = ({ mutation, name, path, field }: Place) =>
  BAD_VALUES[`${inputType(mutation)}.${path.filter((step) => step !== '0').join('.')}`] ?? BAD_VALUES[name] ?? BAD_VALUES[field.name]

/** Of these types every value is good. */
const isAllGood = ({ field: { type } }: Place): boolean => isEnumType(getNamedType(type)) || getNamedType(type).name === 'Boolean'

/** The input with another value there; without the field where the value is undefined. */
function changed(input: unknown, [key = '', ...path]: readonly string[], value: unknown): unknown {
  if (Array.isArray(input)) return input.map((item: unknown, index) => (String(index) === key ? changed(item, path, value) : item))
  const fields = input as Readonly<Record<string, unknown>>
  return { ...fields, [key]: path.length === 0 ? value : changed(fields[key], path, value) }
}

/** As a query's text has it; names of enums stand without quotes. */
function literal(value: unknown, type?: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(type) ? type.getFields() : {}
    return `{${Object.entries(value).map(([name, item]) => `${name}: ${literal(item, fields[name] && getNamedType(fields[name].type))}`).join(', ')}}`
  }
  return isEnumType(type) && typeof value === 'string' && value !== '' ? value : JSON.stringify(value)
}

describe('bad input', () => {
  let server: TestServer
  let goods: Readonly<Record<string, object>>

  const goodInput = (mutation: string): object => {
    const input = goods[mutation]
    if (!input) throw new Error(`${mutation} has no good input in bad-input.rows.ts.`)
    return input
  }

  before(async () => {
    ({ server, goods } = await openShop())
  })

  after(() => server.close())

  /** What is asked here is refused, and appends nothing. */
  async function unchanged<Answer>(what: string, refused: () => Promise<Answer>): Promise<Answer> {
    const before = server.test.store.head()
    const answer = await refused()
    expect(server.test.store.head(), `${what} was appended`).to.equal(before)
    return answer
  }

  const requestErrors = async (what: string, query: string, variables?: object): Promise<void> => {
    const { errors } = await unchanged(what, () => server.ask(query, variables))
    expect(errors, what).to.not.equal(undefined)
    for (const { extensions, message } of errors ?? []) expect([extensions.code, message.length > 0], `${what}: ${message}`).to.deep.equal(['BAD_USER_INPUT', true])
  }

  for (const place of places) {
    const { mutation, name, path, field } = place
    const at = `${mutation}(input.${path.join('.')})`

    it(`refuses what is of another type for ${at}`, async () => {
      expect(wrongTypes(place), `${name}: its type has no values in WRONG_TYPES`).to.not.be.empty
      const type = inputType(mutation)
      const values = [...wrongTypes(place), ...(isRequiredInputField(field) ? [undefined] : [])]
      for (const value of values) {
        const input = changed(goodInput(mutation), path, value)
        const what = `${at} = ${JSON.stringify(value)}`
        await requestErrors(what, `mutation($input: ${type}!) { ${mutation}(input: $input) { replayed } }`, { input })
        const plain: unknown = JSON.parse(JSON.stringify(input))
        await requestErrors(`${what} in the text`, `mutation { ${mutation}(input: ${literal(plain, schema.getType(type))}) { replayed } }`)
      }
    })

    if (!isAllGood(place)) {
      it(`refuses what can't be taken for ${at}`, async () => {
        expect(badValues(place), `${name} has no rows in BAD_VALUES`).to.not.equal(undefined)
        for (const [what, value, code, told] of badValues(place) ?? []) {
          const { userErrors } = (await unchanged(`${at} ${what}`, () => server.mutate(mutation, changed(goodInput(mutation), path, value) as object))) as
            { userErrors: { code: string; field: string[] | null; message: string }[] }
          expect(userErrors.map((error) => error.code), `${at} ${what}`).to.deep.equal([code])
          const [error] = userErrors
          expect(error?.message, `${at} ${what}`).to.not.be.empty
          // Sums that leave the range are not the fault of one field.
          if (code !== 'LIMIT_EXCEEDED') expect(`${error?.field?.join('.') ?? ''}.`, `${at} ${what}`).to.match(new RegExp(`^input.${told ?? path.join('.')}\\.`))
        }
      })
    }
  }

  for (const { name, args } of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const required = Object.fromEntries(args.filter(({ type }) => isNonNullType(type)).map((arg) => [arg.name, 'TEA']))
    for (const arg of args) {
      it(`refuses what is of another type for ${name}(${arg.name})`, async () => {
        const of = (value: unknown) => ({ ...required, [arg.name]: value })
        const declared = args.filter((each) => each === arg || each.name in required)
        const query = `query(${declared.map((each) => `$${each.name}: ${String(each.type)}`).join(', ')}) {
          ${name}(${declared.map((each) => `${each.name}: $${each.name}`).join(', ')}) { __typename } }`
        const type = getNamedType(arg.type)
        const within = isInputObjectType(type) ? placesIn(name, type, []) : []
        for (const value of wrongTypes({ mutation: name, name: arg.name, path: [], field: arg })) {
          await requestErrors(`${name}(${arg.name}: ${JSON.stringify(value)})`, query, of(value))
        }
        for (const place of within) {
          for (const value of wrongTypes(place)) await requestErrors(`${place.name} = ${JSON.stringify(value)}`, query, of(changed({}, place.path, value)))
        }
      })
    }
  }

  it('refuses numbers in attributes that no double holds', async () => {
    const payload: unknown = await unchanged('infinity', () => server.data('mutation { registerProduct(input: { sku: "BIG", name: "Big", attributes: { a: [1e400] } }) { userErrors { code field } } }'))
    expect(payload).to.deep.equal({ registerProduct: { userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'attributes'] }] } })
  })

  for (const id of ['__proto__', 'constructor', 'toString', 'a@b:c/d%20', '<script>', "'; drop table products; --", '😀'.repeat(32)]) {
    it(`takes ${id} as a SKU and a code like any other`, async () => {
      const { userErrors } = (await server.mutate('registerProduct', { sku: id, name: id })) as { userErrors: unknown[] }
      expect(userErrors).to.be.empty
      await server.mutate('openLocation', { code: id, name: id })
      await server.mutate('applyMovements', { movements: [{ sku: id, location: id, delta: 3 }] })
      const data: unknown = await server.data('query($id: String!) { stockLevel(sku: $id, location: $id) { product { sku } location { code } quantities { onHand } } }', { id })
      expect(data).to.deep.equal({ stockLevel: { product: { sku: id }, location: { code: id }, quantities: { onHand: 3 } } })
      expect(({} as Record<string, unknown>).sku).to.equal(undefined)
    })
  }

  for (const mutation of Object.keys(goodInputs({ reservation: '', received: '', cancelled: '', webhook: '', delivery: '' }))) {
    it(`takes the good ${mutation} that the bad ones are made of`, async () => {
      const before = server.test.store.head()
      expect(((await server.mutate(mutation, goodInput(mutation))) as { userErrors: unknown[] }).userErrors).to.be.empty
      expect(server.test.store.head()).to.be.greaterThan(before)
    })
  }
})
