import { expect } from 'chai'
import type { Commands } from '../../src/application/commands/types.ts'
import { forwardingCommands, type Given, type Reply, takeGiven } from '../../src/application/forwarding.ts'
import { type Owner, OwnedElsewhere } from '../../src/application/ownership.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'

const OWNER: Owner = { id: 'a', url: 'http://a', token: 't' }
const CALLER = { correlationId: 'c', actor: 'till 7' }
const SOLD_OUT = new DomainError('INSUFFICIENT_STOCK', 'Sold out.', { available: 0 }, ['lines', '0'])
const add = (idempotencyKey?: string) => ({ sku: 'MUG', location: 'LIS', quantity: 1, reason: 'FOUND', ...(idempotencyKey !== undefined && { idempotencyKey }) })
const commands = (addStock: () => Promise<unknown>): Commands => ({ addStock }) as unknown as Commands
const done = (result: unknown) => ({ result, position: 7, replayed: false })

/** What becomes of a command that another node owns and replies so to. */
async function given(reply: Reply, { key, here = () => Promise.resolve(done('here')) }: { readonly key?: string; readonly here?: () => Promise<unknown> } = {}) {
  const seen = { steps: [] as unknown[], given: [] as Given[], reached: [] as number[], passedOver: 0 }
  const { addStock } = forwardingCommands({
    routed: commands(() => Promise.reject(new OwnedElsewhere(OWNER))), here: commands(here),
    peers: { give: (_, each) => { seen.given.push(each); return Promise.resolve(reply) }, close: () => undefined },
    owners: { passOver: () => { seen.passedOver += 1 } },
    observer: { step: ({ step, failure }) => { seen.steps.push([step, failure]) } },
    reach: (position) => { seen.reached.push(position); return Promise.resolve() },
  })
  const outcome: unknown = await addStock(add(key), CALLER).catch((error: unknown) => error)
  return { outcome, ...seen }
}

describe('a command that another node owns', () => {
  it('is given to it as it stands, with who asks; and answered once it is shown here', async () => {
    const answer = done('there')
    const { outcome, given: [each], reached, steps } = await given({ kind: 'done', answer }, { key: 'k' })
    expect(outcome).to.deep.equal(answer)
    expect(each).to.deep.equal({ name: 'addStock', command: add('k'), caller: CALLER })
    expect(reached).to.deep.equal([7])
    expect(steps).to.deep.equal([['forward', undefined]])
  })

  for (const error of [SOLD_OUT, new DomainErrors([SOLD_OUT, SOLD_OUT]), new Unavailable('Too many.', 250)]) {
    it(`ends here as it ended there: ${error.name}`, async () => {
      const reply = await takeGiven(commands(() => Promise.reject(error)))({ name: 'addStock', command: add(), caller: CALLER })
      const { outcome } = await given(JSON.parse(JSON.stringify(reply)) as Reply)
      expect(outcome).to.be.instanceOf(error.constructor)
      expect(JSON.stringify(outcome)).to.equal(JSON.stringify(error))
    })
  }

  it('is done here where the owner took nothing', async () => {
    const { outcome, passedOver, steps } = await given({ kind: 'untaken' })
    expect(steps).to.deep.equal([['forward', 'untaken']])
    expect(outcome).to.deep.equal(done('here'))
    expect(passedOver).to.equal(1)
  })

  it('is not done a second time where the owner may have done it, and nothing tells the two apart', async () => {
    const { outcome } = await given({ kind: 'unanswered' }, { here: () => Promise.reject(new Error('It was done twice.')) })
    expect(outcome).to.be.instanceOf(Unavailable)
  })

  for (const reply of [{ kind: 'unanswered' }, { kind: 'unavailable', message: 'A newer version is needed.', retryAfterMs: 5 }] as const) {
    it(`is done here with its idempotency key where the owner can not: ${reply.kind}`, async () => {
      expect((await given(reply, { key: 'k' })).outcome).to.deep.equal(done('here'))
    })
  }

  it('is not refused here where the owner may yet do it', async () => {
    expect((await given({ kind: 'unanswered' }, { key: 'k', here: () => Promise.reject(SOLD_OUT) })).outcome).to.be.instanceOf(Unavailable)
  })
})
