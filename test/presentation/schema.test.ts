import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { createSchema, printed } from '../../src/presentation/graphql/schema.ts'

describe('the schema', () => {
  it('is committed as it is printed: write schema/schema.graphql anew with npm run schema', async () => {
    expect(await readFile('schema/schema.graphql', 'utf8')).to.equal(printed(await createSchema()))
  })
})
