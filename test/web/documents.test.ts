import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { stringifyDocument } from '@urql/core'
import * as commands from '../../web/src/api/commands.ts'
import * as events from '../../web/src/api/events.ts'
import * as ofLevel from '../../web/src/api/of-level.ts'
import * as overview from '../../web/src/api/overview.ts'
import * as reservations from '../../web/src/api/reservations.ts'
import * as stock from '../../web/src/api/stock.ts'
import * as transfers from '../../web/src/api/transfers.ts'
import * as webhooks from '../../web/src/api/webhooks.ts'

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'))
const exported: Record<string, unknown> = { ...commands, ...events, ...ofLevel, ...overview, ...reservations, ...stock, ...transfers, ...webhooks }
const documents = Object.entries(exported).filter((entry): entry is [string, Parameters<typeof stringifyDocument>[0]] => Boolean(entry[1] && typeof entry[1] === 'object' && 'kind' in entry[1]))

describe('what the dashboard asks', () => {
  it('is more than nothing', () => { expect(documents.length).to.be.greaterThan(10) })

  for (const [name, document] of documents) {
    it(`is in the schema: ${name}`, () => {
      expect(validate(schema, parse(stringifyDocument(document))).map(({ message }) => message)).to.deep.equal([])
    })
  }
})
