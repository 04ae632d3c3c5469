import { expect } from 'chai'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Unavailable } from '../../../src/application/ports.ts'
import { InvalidCursor } from '../../../src/application/read-model.ts'
import { DomainError, DomainErrors } from '../../../src/domain/errors.ts'
import { type Calls, createCalls, type Handlers } from '../../../src/infrastructure/workers/calls.ts'
import { createChannel } from '../../../src/infrastructure/workers/channel.ts'

describe('calls between processes', () => {
  let ends: readonly [Socket, Socket]
  let calls: Calls
  const told: unknown[] = []

  const refusal = new DomainError('INSUFFICIENT_STOCK', 'There is less.', { available: 1 }, ['lines', '0'])
  const errors: Readonly<Record<string, Error>> = {
    refusal, refusals: new DomainErrors([refusal, refusal.at('movements')]), unavailable: new Unavailable('Away.', 250), cursor: new InvalidCursor('None of ours.'),
  }
  const handlers: Handlers = {
    echo: (value: unknown) => value,
    nothing: () => undefined,
    fail: (name: string) => { throw errors[name] ?? new Error('A mistake.') },
    never: () => new Promise(() => undefined),
    note: (value: unknown) => { told.push(value) },
    noted: () => told.length,
  }

  beforeEach(async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const near = connect((server.address() as { port: number }).port, '127.0.0.1')
    ends = [near, (await accepted)[0]]
    server.close()
    calls = createCalls(createChannel(near), {})
    createCalls(createChannel(ends[1]), handlers)
    told.length = 0
  })
  afterEach(() => { for (const end of ends) end.destroy() })

  it('give what the handler gives, each to who asked for it', async () => {
    const values = Array.from({ length: 200 }, (_, n) => ({ n, text: `${n}\nñ✓` }))
    expect(await Promise.all(values.map((value) => calls.ask('echo', value)))).to.deep.equal(values)
    expect(await calls.ask('nothing')).to.equal(undefined)
  })

  it('carry what is larger than any buffer on its way', async () => {
    const large = 'é'.repeat(3_000_000)
    expect(await calls.ask('echo', large) === large).to.equal(true)
  })

  it('arrive in the order in which they were sent', async () => {
    for (let n = 0; n < 100; n += 1) calls.tell('note', n)
    expect(await calls.ask('noted')).to.equal(100)
    expect(told).to.deep.equal(Array.from({ length: 100 }, (_, n) => n))
  })

  for (const [name, error] of Object.entries(errors)) {
    it(`reject with the ${error.name} that was thrown (${name})`, async () => {
      const caught: unknown = await calls.ask('fail', name).catch((reason: unknown) => reason)
      expect(caught).to.be.instanceOf(error.constructor)
      expect(caught).to.deep.include({ ...Object.fromEntries(Object.entries(error)), message: error.message })
    })
  }

  it('reject with a mistake of the other process, and with where it was made', async () => {
    const caught: unknown = await calls.ask('fail', 'otherwise').catch((reason: unknown) => reason)
    expect(caught).to.be.instanceOf(Error).with.property('message', 'A mistake.')
    expect((caught as Error).stack).to.include('calls.test')
  })

  it('reject with Unavailable where the other process has gone, before and after', async () => {
    const waiting = calls.ask('never').catch((reason: unknown) => reason)
    ends[1].destroy()
    expect(await waiting).to.be.instanceOf(Unavailable)
    expect(await calls.ask('echo', 1).catch((reason: unknown) => reason)).to.be.instanceOf(Unavailable)
  })
})
