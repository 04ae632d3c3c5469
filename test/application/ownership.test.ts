import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { createOwners, type Lease, type Leases, type Owner } from '../../src/application/ownership.ts'

const ownerOf = (id: string): Owner => ({ id, url: `http://${id}`, token: 't' })
const streams = (...names: string[]) => names.map((name) => ({ name }))
const HOT = 'stock:MUG@LIS'

/** As a database has them: whoever asks first owns it. */
class SharedLeases {
  readonly held = new Map<number, string>()
  asked = 0
  constructor(private readonly leaseMs = 60_000) {}

  of(id: string): Leases {
    return {
      id,
      claim: (slots) => {
        this.asked += 1
        return Promise.resolve(slots.map((slot): Lease => {
          if (!this.held.has(slot)) this.held.set(slot, id)
          return { slot, owner: ownerOf(this.held.get(slot) ?? ''), remainingMs: this.leaseMs }
        }))
      },
      release: () => {
        for (const [slot, owner] of this.held) if (owner === id) this.held.delete(slot)
        return Promise.resolve()
      },
    }
  }
}

describe('who owns what nodes collide on', () => {
  it('is nobody until there was a collision, and then who asked first', async () => {
    const leases = new SharedLeases()
    const [a, b] = [createOwners(leases.of('a')), createOwners(leases.of('b'))]
    expect(b.elsewhere(streams(HOT))).to.equal(undefined)
    await a.collided(HOT)
    await b.collided(HOT)
    expect(a.elsewhere(streams(HOT))).to.equal(undefined)
    expect(b.elsewhere(streams('location:LIS', HOT))).to.deep.equal(ownerOf('a'))
    expect(b.elsewhere(streams('stock:CUP@LIS'))).to.equal(undefined)
    await Promise.all([a.close(), b.close()])
    expect(leases.held.size).to.equal(0)
  })

  it('is asked once by all who collide together', async () => {
    const leases = new SharedLeases()
    const owners = createOwners(leases.of('a'))
    await Promise.all(Array.from({ length: 50 }, () => owners.collided(HOT)))
    await owners.collided(HOT)
    expect(leases.asked).to.equal(1)
    await owners.close()
  })

  it('decides itself where a part of it is its own', async () => {
    const leases = new SharedLeases()
    const [a, b] = [createOwners(leases.of('a')), createOwners(leases.of('b'))]
    await a.collided(HOT)
    await b.collided('stock:CUP@LIS')
    await b.collided(HOT)
    expect(b.elsewhere(streams(HOT, 'stock:CUP@LIS'))).to.equal(undefined)
    await Promise.all([a.close(), b.close()])
  })

  it('knows no owner of a location, which all that goes on there looks at', async () => {
    const leases = new SharedLeases()
    const owners = createOwners(leases.of('a'))
    await owners.collided('location:LIS')
    expect(leases.asked).to.equal(0)
    await owners.close()
  })

  it('passes over one that did not answer, and one whose lease has lapsed', async () => {
    const leases = new SharedLeases(30)
    const [a, b] = [createOwners(leases.of('a')), createOwners(leases.of('b'))]
    await a.collided(HOT)
    await b.collided(HOT)
    while (b.elsewhere(streams(HOT))) await wait(5)
    await b.collided(HOT)
    b.passOver(ownerOf('a'))
    expect(b.elsewhere(streams(HOT))).to.equal(undefined)
    await Promise.all([a.close(), b.close()])
  })

  it('goes on by itself where nobody can tell', async () => {
    const owners = createOwners({ id: 'a', claim: () => Promise.reject(new Error('away')), release: () => Promise.reject(new Error('away')) })
    await owners.collided(HOT)
    expect(owners.elsewhere(streams(HOT))).to.equal(undefined)
    await owners.close()
  })
})
