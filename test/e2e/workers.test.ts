import { expect } from 'chai'
import { Subscriber } from '../faults/subscriber.ts'
import type { Connection } from './connection.ts'
import { ADD, addition, LEVEL, type ManyProcesses, openShop, startManyProcesses, until, WORKERS } from './workers.ts'

const CONNECTIONS = 6

describe('a server of several processes', () => {
  let many: ManyProcesses
  let connections: readonly Connection[]
  let units = 0

  before(async () => {
    many = await startManyProcesses()
    connections = many.connect(CONNECTIONS)
    await openShop(many.server)
  })
  after(() => many.close())

  const add = async (connection: Connection) => {
    const { data, errors } = await connection.ask(ADD, addition())
    expect(errors).to.equal(undefined)
    units += 1
    return data.addStock
  }

  it('has as many processes that answer as it was told to', () => { expect(many.pids()).to.have.length(WORKERS) })

  it('shows each write that was answered to whoever asks next, at whichever process', async () => {
    for (let n = 0; n < 60; n += 1) {
      const { cursor, stockLevel } = await add(connections[n % CONNECTIONS]!)
      const answers = await Promise.all(connections.map((each, index) => each.ask(LEVEL, index % 2 === 0 ? {} : { atLeast: cursor })))
      expect(answers.map(({ data }) => data.stockLevel), `write ${n}`).to.deep.equal(connections.map(() => stockLevel))
    }
  })

  it('never shows one an older state than it has shown another, while others write', async () => {
    const writers = { left: 2 }
    const writing = Promise.all(connections.slice(0, 2).map(async (each) => {
      for (let n = 0; n < 150; n += 1) await add(each)
      writers.left -= 1
    }))
    let seen = 0
    while (writers.left > 0) {
      for (const each of connections.slice(2)) {
        const { data } = await each.ask(LEVEL)
        expect(data.stockLevel.version).to.be.at.least(seen)
        seen = data.stockLevel.version
      }
    }
    await writing
  })

  it('waits for a place of the log that it does not show, and says so where that does not come', async () => {
    const { cursor } = await add(connections[0]!)
    const [logId = '', position] = Buffer.from(cursor, 'base64url').toString().split(/:(?=\d+$)/)
    const atLeast = Buffer.from(`${logId}:${Number(position) + 1}`).toString('base64url')
    const asking = connections[1]!.ask(LEVEL, { atLeast })
    const { stockLevel } = await add(connections[2]!)
    expect((await asking).data).to.deep.equal({ stockLevel })
    const { errors: [error] = [] } = await connections[1]!.ask(LEVEL, { atLeast: Buffer.from(`${logId}:${Number(position) + 1_000}`).toString('base64url') })
    expect(error?.extensions.code).to.equal('UNAVAILABLE')
  })

  it('does a command once, whichever process it is sent to again', async () => {
    const answers = await Promise.all(connections.map((each) => each.ask(ADD, addition('once'))))
    units += 1
    expect(answers.filter(({ data }) => !data.addStock.replayed)).to.have.length(1)
    expect(new Set(answers.map(({ data }) => data.addStock.cursor)).size).to.equal(1)
  })

  it('refuses as one process does: with code, field and details', async () => {
    const remove = 'mutation ($input: RemoveStockInput!) { removeStock(input: $input) { userErrors { code message field details } } }'
    const apply = 'mutation ($input: ApplyMovementsInput!) { applyMovements(input: $input) { applied userErrors { code message field } } }'
    const { data } = await connections[0]!.ask(remove, { input: { sku: 'MUG', location: 'LIS', quantity: units + 5, reason: 'SOLD' } })
    expect(data.removeStock.userErrors).to.have.length(1)
    expect(data.removeStock.userErrors[0]?.code).to.equal('INSUFFICIENT_STOCK')
    expect(data.removeStock.userErrors[0]?.details).to.include({ requested: units + 5, available: units })
    const movements = [{ sku: 'MUG', location: 'LIS', delta: 1 }, { sku: 'NONE', location: 'LIS', delta: 1 }]
    const partly = await connections[1]!.ask(apply, { input: { movements, errorPolicy: 'SKIP_FAILED' } })
    units += 1
    expect(partly.data.applyMovements.applied).to.equal(1)
    expect(partly.data.applyMovements.userErrors[0]).to.deep.include({ code: 'NOT_FOUND', field: ['input', 'movements', '1', 'sku'] })
    expect(partly.data.applyMovements.userErrors[0]?.message).to.not.equal('')
  })

  it('keeps the correlation id of a command with its events', async () => {
    await connections[1]!.ask(ADD, addition(), { 'x-correlation-id': 'from-the-till' })
    units += 1
    const { data } = await connections[2]!.ask('{ events(last: 1, filter: { correlationId: "from-the-till" }) { nodes { correlationId type } } }')
    expect(data.events.nodes).to.deep.equal([{ correlationId: 'from-the-till', type: 'StockAdded' }])
  })

  it('sells the last units once each, where all processes are asked for them at once', async () => {
    const asked = 3 * units
    const sell = 'mutation { removeStock(input: { sku: "MUG", location: "LIS", quantity: 1, reason: SOLD }) { stockLevel { quantities { onHand } } userErrors { code } } }'
    const crowd = many.connect(40)
    const answers = (await Promise.all(crowd.map(async (each, index) => {
      const mine = []
      for (let n = index; n < asked; n += crowd.length) mine.push(await each.ask(sell))
      return mine
    }))).flat()
    const refused = answers.filter(({ errors }) => errors)
    expect(refused, JSON.stringify(refused[0])).to.have.length(0)
    const sold = answers.filter(({ data }) => data.removeStock.userErrors.length === 0)
    expect([answers.length, sold.length]).to.deep.equal([asked, units])
    expect(sold.map(({ data }) => data.removeStock.stockLevel.quantities.onHand).every((onHand) => onHand >= 0)).to.equal(true)
    for (const each of connections) expect((await each.ask(LEVEL)).data.stockLevel.quantities.onHand).to.equal(0)
    units = 0
  })

  it('tells subscribers of every process of every change, in order and once', async () => {
    const { cursor: start } = await add(connections[0]!)
    const subscribers = Array.from({ length: 4 }, () => new Subscriber(() => many.server.url, start))
    const writers = connections.slice(0, 4)
    await Promise.all(writers.map(async (each, index) => {
      for (let n = 0; n < 60; n += 1) {
        await add(each)
        if (n % 20 === 10) subscribers[index]!.cutOff()
      }
    }))
    const { cursor: last } = await add(connections[0]!)
    await until(() => subscribers.every(({ cursor }) => cursor === last))
    for (const subscriber of subscribers) {
      subscriber.end()
      const versions = subscriber.changes.map(({ event: { version } }) => version)
      expect(versions).to.deep.equal(Array.from({ length: 241 }, (_, n) => (versions[0] ?? 0) + n))
    }
  })

  it('counts in its metrics what all processes have done', async () => {
    const countOf = async (connection: Connection) =>
      Number(/^stockstream_graphql_operation_duration_seconds_count\{kind="query",transport="http",outcome="OK"\} (\d+)/m.exec(await connection.get('/metrics'))?.[1])
    const before = await countOf(connections[0]!)
    for (let n = 0; n < 5; n += 1) await Promise.all(connections.map((each) => each.ask(LEVEL)))
    const expected = before + 5 * CONNECTIONS
    expect(await Promise.all(connections.slice(0, 3).map(countOf))).to.deep.equal([expected, expected, expected])
  })
})
