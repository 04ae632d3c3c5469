import { expect } from 'chai'
import { Unavailable, VersionMismatch } from '../../../src/application/ports.ts'
import { InvalidCursor } from '../../../src/application/read-model.ts'
import { DomainError, DomainErrors } from '../../../src/domain/errors.ts'
import { createBreaker, type OwnedBreaker } from '../../../src/infrastructure/resilience/breaker.ts'

const PROBE_AFTER_MS = 20
const away = () => Promise.reject(new Error('connection lost'))
const there = () => Promise.resolve('there')

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => { setTimeout(resolve, 1) })
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => { throw new Error('It was expected to fail.') }, (error: unknown) => error)

describe('the breaker', () => {
  let breaker: OwnedBreaker
  let log: string[]
  const logger = {
    info: (_: object, message: string) => { log.push(message) },
    warn: (_: object, message: string) => { log.push(message) },
  }
  const make = (callMsMax?: number) => createBreaker({ name: 'event store', logger, probeAfterMs: PROBE_AFTER_MS, ...(callMsMax !== undefined && { callMsMax }) })

  beforeEach(() => {
    log = []
    breaker = make()
  })
  afterEach(() => { breaker.close() })

  const opens = async (): Promise<void> => {
    while (breaker.state() === 'CLOSED') await failure(breaker.run(away))
  }

  it('lets answers and failures through, and counts failures in a row', async () => {
    expect(await breaker.run(there)).to.equal('there')
    expect(await failure(breaker.run(away))).to.have.property('message', 'connection lost')
    await failure(breaker.run(away))
    expect([breaker.state(), breaker.failures()]).to.deep.equal(['CLOSED', 2])
    await breaker.run(there)
    expect(breaker.failures()).to.equal(0)
  })
  it('counts calls that answer without a promise with the others, and refuses them while it is open', async () => {
    const lost = (): never => { throw new Error('connection lost') }
    expect(breaker.runNow(() => 'there')).to.equal('there')
    for (let call = 0; breaker.state() === 'CLOSED'; call++) {
      if (call % 2 === 0) expect(() => breaker.runNow(lost)).to.throw('connection lost')
      else await failure(breaker.run(away))
    }
    expect(() => breaker.runNow(() => 'there')).to.throw(Unavailable).with.property('retryAfterMs', PROBE_AFTER_MS)
    await until(() => breaker.state() === 'HALF_OPEN')
    expect(() => breaker.runNow(() => 'there'), 'it is no probe').to.throw(Unavailable)
    expect(await breaker.run(there)).to.equal('there')
    expect(breaker.runNow(() => 'there')).to.equal('there')
  })
  it('opens where calls fail, and then refuses at once, without calling', async () => {
    await opens()
    expect(breaker.failures()).to.equal(5)
    let calls = 0
    const refusal = await failure(breaker.run(() => { calls++; return there() }))
    expect(refusal).to.be.instanceOf(Unavailable).with.property('retryAfterMs', PROBE_AFTER_MS)
    expect(String(refusal)).to.include('event store')
    expect(calls).to.equal(0)
    expect(log).to.have.length(1)
  })
  it('opens also where some calls succeed, but less than half', async () => {
    for (let call = 0; call < 30 && breaker.state() === 'CLOSED'; call++) await (call % 3 === 0 ? breaker.run(there) : failure(breaker.run(away)))
    expect(breaker.state()).to.equal('OPEN')
  })
  it('stays closed where one in three fails', async () => {
    for (let call = 0; call < 60; call++) await (call % 3 === 2 ? failure(breaker.run(away)) : breaker.run(there))
    expect(breaker.state()).to.equal('CLOSED')
  })
  it('counts Unavailable for a failure, also of a call that throws', async () => {
    for (let call = 0; call < 5; call++) expect(await failure(breaker.run(() => { throw new Unavailable('full') }))).to.be.instanceOf(Unavailable)
    expect(breaker.state()).to.equal('OPEN')
  })
  it('does not count refusals', async () => {
    const refusals = [new DomainError('NOT_FOUND', 'x'), new DomainErrors([]), new VersionMismatch('s', 1, 2), new InvalidCursor('x')]
    for (let call = 0; call < 40; call++) {
      const refusal = refusals[call % refusals.length]!
      expect(await failure(breaker.run(() => Promise.reject(refusal)))).to.equal(refusal)
    }
    expect([breaker.state(), breaker.failures()]).to.deep.equal(['CLOSED', 0])
  })
  it('lets one call through after its wait, and refuses the others until that one has come back', async () => {
    await opens()
    await until(() => breaker.state() === 'HALF_OPEN')
    let answer: (value: string) => void = () => undefined
    let calls = 0
    const slow = () => { calls++; return new Promise<string>((resolve) => { answer = resolve }) }
    const probe = breaker.run(slow)
    const others = await Promise.all(Array.from({ length: 10 }, () => failure(breaker.run(slow))))
    for (const refusal of others) expect(refusal).to.be.instanceOf(Unavailable)
    expect([calls, breaker.state()]).to.deep.equal([1, 'HALF_OPEN'])
    answer('back')
    expect(await probe).to.equal('back')
    expect([breaker.state(), breaker.failures()]).to.deep.equal(['CLOSED', 0])
    expect(await Promise.all(Array.from({ length: 10 }, () => breaker.run(there)))).to.have.length(10)
    expect(log).to.have.length(2)
  })
  it('waits again where the probe fails, for one more probe, as often as it takes', async () => {
    await opens()
    for (let probes = 0; probes < 3; probes++) {
      await until(() => breaker.state() === 'HALF_OPEN')
      await failure(breaker.run(away))
      expect([breaker.state(), breaker.failures()]).to.deep.equal(['OPEN', 6 + probes])
    }
    await until(() => breaker.state() === 'HALF_OPEN')
    await breaker.run(there)
    expect(breaker.state()).to.equal('CLOSED')
    await opens()
    expect(breaker.failures()).to.equal(5)
  })
  it('closes on a refusal: whoever refuses is there', async () => {
    await opens()
    await until(() => breaker.state() === 'HALF_OPEN')
    await failure(breaker.run(() => Promise.reject(new VersionMismatch('s', 1, 2))))
    expect(breaker.state()).to.equal('CLOSED')
  })
  it('takes a probe that never comes back for failed', async () => {
    breaker.close()
    breaker = make(PROBE_AFTER_MS)
    await opens()
    await until(() => breaker.state() === 'HALF_OPEN')
    void breaker.run(() => new Promise(() => undefined))
    await until(() => breaker.failures() === 6)
    await until(() => breaker.state() === 'HALF_OPEN')
    await breaker.run(there)
    expect(breaker.state()).to.equal('CLOSED')
  })
  it('takes calls that never come back for failed, opens, and tells each that it may have been done', async () => {
    breaker.close()
    breaker = make(PROBE_AFTER_MS)
    const hanging = await Promise.all(Array.from({ length: 5 }, () => failure(breaker.run(() => new Promise(() => undefined)))))
    for (const refusal of hanging) expect(refusal).to.be.instanceOf(Unavailable).with.property('message').that.includes('may still do')
    expect([breaker.state(), breaker.failures()]).to.deep.equal(['OPEN', 5])
  })
  it('is not opened again by failures of calls from before', async () => {
    const fail: (() => void)[] = []
    const late = Array.from({ length: 20 }, () => failure(breaker.run(() => new Promise((_, reject) => { fail.push(() => { reject(new Error('late')) }) }))))
    await opens()
    await until(() => breaker.state() === 'HALF_OPEN')
    await breaker.run(there)
    for (const one of fail) one()
    await Promise.all(late)
    expect(breaker.state()).to.equal('CLOSED')
  })
  it('calls within the step of its caller', () => {
    const order: string[] = []
    void breaker.run(() => { order.push('call'); return there() })
    order.push('after')
    expect(order).to.deep.equal(['call', 'after'])
  })
  it('leaves no timer behind when it is closed, also while it is open', async () => {
    const running = new Set<unknown>()
    const { setInterval: start, clearInterval: stop } = globalThis
    Object.assign(globalThis, {
      setInterval: (...args: Parameters<typeof start>) => { const timer = start(...args); running.add(timer); return timer },
      clearInterval: (timer: NodeJS.Timeout) => { running.delete(timer); stop(timer) },
    })
    try {
      breaker = make()
      await opens()
      expect(running.size).to.be.greaterThan(1)
      breaker.close()
      await until(() => running.size === 0)
    } finally {
      Object.assign(globalThis, { setInterval: start, clearInterval: stop })
    }
  })
})
