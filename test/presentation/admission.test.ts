import 'reflect-metadata'
import { expect } from 'chai'
import type { GraphQLSchema } from 'graphql'
import { setImmediate as turn } from 'node:timers/promises'
import { createAdmission } from '../../src/presentation/graphql/limits/admission.ts'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'

const KNOWN = '{ __typename }'
const TOO_MUCH = `{ ${'__typename '.repeat(51)} }`

describe('the admission of documents', () => {
  let schema: GraphQLSchema

  before(async () => { schema = await createSchema() })

  it('gives each document that is new a turn of its own, and answers those that are known past them', async () => {
    const admit = createAdmission(schema, DEFAULT_LIMITS.query)
    await admit(KNOWN, {})
    let admitted = 0
    const news = Array.from({ length: 5 }, async (_, n) => {
      await admit(`{ a${n}: __typename }`, {})
      admitted += 1
    })
    expect(admit(KNOWN, {})).to.include({ cost: 1 })
    for (let before = admitted; admitted < news.length; before = admitted) {
      await turn()
      expect(admitted - before, 'new documents in one turn').to.be.at.most(1)
    }
    await Promise.all(news)
  })

  it('goes on after a document that is refused', async () => {
    const admit = createAdmission(schema, DEFAULT_LIMITS.query)
    const [refused, fine] = await Promise.allSettled([admit(TOO_MUCH, {}), admit(KNOWN, {})])
    expect(refused).to.have.nested.property('reason.extensions.code', 'QUERY_TOO_COMPLEX')
    expect(fine).to.have.nested.property('value.cost', 1)
  })
})
