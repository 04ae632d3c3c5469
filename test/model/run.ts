import fc from 'fast-check'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import type { RecordedEvent } from '../../src/application/ports.ts'
import type { MovementsResult } from '../../src/application/commands/types.ts'
import { checkPast, checkStep, equal } from './checks.ts'
import { caller, momentOf, planOf, type Plan } from './plan.ts'
import { checkAvailability, expire } from './promises.ts'
import { contentsOf } from './stock.ts'
import type { Step, StepOf } from './steps.ts'
import { Refused, type Truth } from './truth.ts'
import type { World } from './world.ts'

/** One run's place in the world, and the last command that can be repeated. */
export interface Real {
  readonly world: World
  readonly name: string
  keys: number
  last?: { readonly plan: Plan; readonly key: string; readonly result: unknown; readonly position: number | undefined }
}

/** A step as fast-check takes it: prints itself, and can be taken at any time. */
export class Play implements fc.AsyncCommand<Truth, Real> {
  constructor(readonly step: Step) {}
  check = (): boolean => true
  toString = (): string => JSON.stringify(this.step)

  async run(truth: Truth, real: Real): Promise<void> {
    const events: RecordedEvent[] = []
    const stop = real.world.store.onCommit((batch) => { events.push(...batch) })
    try {
      await take(truth, real, this.step, events)
      if (events.length > 0) await checkStep(truth, real.world, events)
    } finally {
      stop()
    }
  }
}

async function take(truth: Truth, real: Real, step: Step, events: readonly RecordedEvent[]): Promise<void> {
  const { world } = real
  const now = world.clock.now()
  switch (step.type) {
    case 'advance': {
      world.clock.advance(step.milliseconds)
      if (step.expires) equal(await world.inventory.expireDue(), expire(truth, world.clock.now()), 'reservations that are over')
      return
    }
    case 'look': {
      const [asOf, knownAt] = [momentOf(truth, step.asOf, now), momentOf(truth, step.knownAt, now)]
      await checkPast(truth, world, { ...(asOf !== undefined && { asOf }), ...(knownAt !== undefined && { knownAt }) }, step.isPage)
      return
    }
    case 'ask': await ask(truth, world, step); return
    case 'repeat': await repeat(real, step.isChanged, events); return
    default:
      if ('isMeant' in step && !step.isMeant) return
      await command(truth, real, planOf(truth, step, now), step)
  }
}

async function command(truth: Truth, real: Real, plan: Plan, step: Step & { readonly isKeyed?: boolean }): Promise<void> {
  const { world: { inventory, clock, store } } = real
  const key = step.isKeyed === true ? `${real.name}-${real.keys++}` : undefined
  const head = store.head()
  const [answer, refusals] = await outcomeOf(plan.send(inventory.commands, key))
  const [expected, reasons] = rightAnswer(() => plan.expect(truth, clock.now(), answer?.result as { id: string } | undefined))
  equal(refusals?.map(reasonOf), reasons, `what ${JSON.stringify(step)} is refused for`)
  if (step.type === 'closeLocation' && refusals) checkContents(truth, truth.codes[step.location]!, refusals[0]!)
  if (!answer) { equal(store.head(), head, 'a refusal appends nothing'); return }
  const result = plain(answer.result)
  equal(alike(result, expected), expected, `the answer to ${JSON.stringify(step)}`)
  equal([answer.replayed, answer.position], [false, store.head() > head ? store.head() : undefined], 'where the answer stands')
  if (key !== undefined && answer.position !== undefined) real.last = { plan, key, result: structuredClone(result), position: answer.position }
}

/** The last command with a key again: the same answer and no other effect; another command under its key is refused. */
async function repeat({ world: { inventory, store }, last }: Real, isChanged: boolean, events: readonly RecordedEvent[]): Promise<void> {
  if (!last) return
  if (isChanged) {
    const [, refusals] = await outcomeOf(inventory.commands.addStock({ sku: 'other', location: 'other', quantity: 977, reason: 'RECEIVED', idempotencyKey: last.key }, caller))
    equal(refusals?.map(reasonOf), ['IDEMPOTENCY_KEY_REUSED idempotencyKey'], 'another command under a key that was used')
  } else {
    const head = store.head()
    const { result, replayed, position } = await last.plan.send(inventory.commands, last.key)
    equal([plain(result), replayed, position], [last.result, true, last.position], 'the first answer again')
    equal([store.head(), events.length], [head, 0], 'a repeated command has no effect')
  }
}

async function ask(truth: Truth, { inventory }: World, { lines, locations, strategy }: StepOf<'ask'>): Promise<void> {
  const query = {
    lines: lines.map(({ sku, quantity }) => ({ sku: truth.skus[sku]!, quantity })), strategy,
    ...(locations && { locations: locations.map((code) => truth.codes[code]!) }),
  }
  const { value } = await inventory.checkAvailability(query)
  const expected = checkAvailability(truth, query).map(({ sku, quantity, left, parts }) => ({ sku, requested: quantity, availableToPromise: left, sourcing: parts }))
  equal(value, expected, `availability of ${JSON.stringify(query)}`)
}

async function outcomeOf<Result>(promise: Promise<Result>): Promise<readonly [Result, undefined] | readonly [undefined, readonly DomainError[]]> {
  try {
    return [await promise, undefined]
  } catch (error) {
    if (error instanceof DomainError) return [undefined, [error]]
    if (error instanceof DomainErrors) return [undefined, error.errors]
    throw error
  }
}

function rightAnswer(work: () => unknown): readonly [unknown, readonly string[] | undefined] {
  try {
    return [work(), undefined]
  } catch (error) {
    if (error instanceof Refused) return [undefined, error.reasons]
    throw error
  }
}

const reasonOf = ({ code, field }: DomainError): string => `${code} ${field.join('.')}`

/** Refusals within an answer in the truth's words. */
function plain(result: unknown): unknown {
  const { refusals } = result as Partial<MovementsResult>
  return refusals ? { ...(result as MovementsResult), refusals: refusals.map(reasonOf) } : result
}

/** Of a product or location only what the truth keeps of it. */
const alike = (result: unknown, expected: unknown): unknown =>
  ('name' in (expected as object) ? Object.fromEntries(Object.keys(expected as object).map((name) => [name, (result as Record<string, unknown>)[name]])) : result)

function checkContents(truth: Truth, code: string, { code: reason, details }: DomainError): void {
  if (reason !== 'INVALID_STATE') return
  const ids = (names: unknown): readonly string[] => (names as readonly string[]).map((name) => name.slice(name.indexOf(':') + 1)).sort()
  equal({ skus: [...details.skus as readonly string[]].sort(), reservations: ids(details.reservations), transfers: ids(details.transfers) }, contentsOf(truth, code), `what ${code} holds`)
}
