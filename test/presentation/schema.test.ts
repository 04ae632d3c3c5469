import { expect } from 'chai'
import { validateSchema } from 'graphql'
import { readFile } from 'node:fs/promises'
import { createSchema, printed } from '../../src/presentation/graphql/schema.ts'

describe('the schema', () => {
  it('has nothing wrong with it', async () => {
    expect(validateSchema(await createSchema()).map(({ message }) => message)).to.deep.equal([])
  })

  it('is committed as it is printed: write schema/schema.graphql anew with npm run schema', async () => {
    expect(await readFile('schema/schema.graphql', 'utf8')).to.equal(printed(await createSchema()))
  })
})
