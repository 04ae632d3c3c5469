import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import type { Leases } from '../../../src/application/ownership.ts'
import { openOwnerLeases } from '../../../src/infrastructure/mysql/owner-leases.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'

describeWith('mariadb', hasMariaDb, 'leases of what nodes collide on, in MySQL', () => {
  let server: MariaDb
  let url: string
  const nodes: Leases[] = []
  const open = (id: string, address: string | undefined = `http://${id}`): Leases => {
    const leases = openOwnerLeases(url, { id, url: address, token: `token of ${id}` })
    nodes.push(leases)
    return leases
  }
  const ownersOf = async (leases: Leases, ...slots: number[]) => (await leases.claim(slots)).map(({ slot, owner }) => `${slot} ${owner.id}`)

  before(async () => { server = await startMariaDb() })
  beforeEach(async () => { url = await server.database() })
  afterEach(async () => { await Promise.all(nodes.splice(0).map((each) => each.release())) })
  after(() => server.stop())

  it('belong to who asked first, and tell others where that is', async () => {
    const [a, b] = [open('a'), open('b')]
    expect(await ownersOf(a, 1, 2)).to.deep.equal(['1 a', '2 a'])
    expect(await ownersOf(b, 2, 3)).to.deep.equal(['2 a', '3 b'])
    const [lease] = await b.claim([1])
    expect(lease?.owner).to.deep.equal({ id: 'a', url: 'http://a', token: 'token of a' })
    expect(lease?.remainingMs).to.be.above(0)
  })

  it('belong to one of many who ask at once', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((id) => ownersOf(open(id), 7)))
    expect(new Set(all.flat()).size).to.equal(1)
  })

  it('lapse where their owner does not come back, and not where it does', async () => {
    const [a, b] = [open('a'), open('b')]
    await a.claim([1, 2])
    for (const until = Date.now() + 2_500; Date.now() < until;) {
      await a.claim([1])
      await wait(100)
    }
    expect(await ownersOf(b, 1, 2)).to.deep.equal(['1 a', '2 b'])
  })

  it('are free once they are let go', async () => {
    const b = open('b')
    const a = openOwnerLeases(url, { id: 'a', url: 'http://a', token: '' })
    await a.claim([1])
    await a.release()
    expect(await ownersOf(b, 1)).to.deep.equal(['1 b'])
  })

  it('are not taken by a node that others can not reach', async () => {
    const hidden = openOwnerLeases(url, { id: 'hidden', url: undefined, token: '' })
    nodes.push(hidden)
    expect(await hidden.claim([1])).to.deep.equal([])
    await open('a').claim([1])
    expect(await ownersOf(hidden, 1)).to.deep.equal(['1 a'])
  })
})
