import type { Answer, Caller, Commands } from '../../src/application/commands/types.ts'
import * as promises from './promises.ts'
import * as stock from './stock.ts'
import type { Step, StepOf } from './steps.ts'
import type { Reservation, Truth } from './truth.ts'

/** One command: to the real inventory, and to the truth. */
export interface Plan {
  send(commands: Commands, idempotencyKey: string | undefined): Promise<Answer<unknown>>
  /** The answer that is right; throws Refused. `answered` is the real one where there is one: for the id that it chose. */
  expect(truth: Truth, now: number, answered: { readonly id: string } | undefined): unknown
}

export const caller: Caller = { correlationId: 'model' }
type CommandStep = Exclude<Step, StepOf<'advance'> | StepOf<'look'> | StepOf<'ask'> | StepOf<'repeat'>>
type StockStep = Extract<CommandStep, { readonly sku: number; readonly location: number }>

export function planOf(truth: Truth, step: CommandStep, now: number): Plan {
  switch (step.type) {
    case 'add': case 'remove': case 'count': case 'setAside': case 'putBack': case 'setPolicy': return onLevel(truth, step, now)
    case 'applyMovements': return movements(truth, step, now)
    case 'reserve': return reserving(truth, step)
    case 'extend': case 'fulfill': case 'release': return onReservation(truth, step, now)
    case 'dispatch': case 'receive': case 'cancel': return onTransfer(truth, step)
    default: return onCatalogue(truth, step)
  }
}

/** A moment so far back, in thousandths of the run. */
export const momentOf = (truth: Truth, back: number | undefined, now: number): number | undefined =>
  (back === undefined ? undefined : now - Math.floor(((now - truth.startedAt) * back) / 1_000))

const versionOf = (actual: number, expected: 'any' | 'right' | 'wrong') => (expected === 'any' ? {} : { expectedVersion: expected === 'right' ? actual : actual + 1 })
const moment = (truth: Truth, { back }: { readonly back?: number | undefined }, now: number) => ({ occurredAt: momentOf(truth, back, now) })

function onLevel(truth: Truth, step: StockStep, now: number): Plan {
  const place = { sku: truth.skus[step.sku]!, location: truth.codes[step.location]! }
  const at = { ...place, ...versionOf(truth.level(place.sku, place.location).version, step.expected) }
  const shown = (apply: () => void, time: number): object => {
    apply()
    const level = truth.level(place.sku, place.location)
    return level.version === 0 ? { ...level, updatedAt: time } : level
  }
  switch (step.type) {
    case 'add': {
      const command = { ...at, quantity: step.quantity, ...moment(truth, step, now) }
      return { send: (commands, idempotencyKey) => commands.addStock({ ...command, reason: 'RECEIVED', idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.add(truth, command, time) }, time) }
    }
    case 'remove': {
      const command = { ...at, quantity: step.quantity, ...moment(truth, step, now) }
      return { send: (commands, idempotencyKey) => commands.removeStock({ ...command, reason: 'SOLD', idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.remove(truth, command, time) }, time) }
    }
    case 'count': {
      const command = { ...at, counted: step.counted, ...moment(truth, step, now) }
      return { send: (commands, idempotencyKey) => commands.countStock({ ...command, idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.count(truth, command, time) }, time) }
    }
    case 'setAside': {
      const command = { ...at, quantity: step.quantity }
      return { send: (commands, idempotencyKey) => commands.setStockAside({ ...command, reason: 'DAMAGED', idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.setAside(truth, command, time) }, time) }
    }
    case 'putBack': {
      const command = { ...at, quantity: step.quantity }
      return { send: (commands, idempotencyKey) => commands.putStockBack({ ...command, idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.putBack(truth, command, time) }, time) }
    }
    case 'setPolicy': {
      const command = { ...at, policy: step.policy }
      return { send: (commands, idempotencyKey) => commands.setStockPolicy({ ...command, idempotencyKey }, caller), expect: (_, time) => shown(() => { stock.setPolicy(truth, command, time) }, time) }
    }
  }
}

function movements(truth: Truth, step: StepOf<'applyMovements'>, now: number): Plan {
  const { errorPolicy, dryRun } = step
  const rows = step.movements.map(({ sku, location, delta, back }) => ({ sku: truth.skus[sku]!, location: truth.codes[location]!, delta, occurredAt: momentOf(truth, back, now) }))
  const command = { movements: rows, errorPolicy, dryRun }
  return {
    send: (commands, idempotencyKey) => commands.applyMovements({ ...command, idempotencyKey }, caller),
    expect: (_, time) => {
      const { stockLevels, ...outcome } = stock.applyMovements(truth, command, time)
      return { ...outcome, stockLevels: stockLevels.map((level) => ({ ...level, updatedAt: time })) }
    },
  }
}

function reserving(truth: Truth, { lines, locations, strategy, seconds, dryRun }: StepOf<'reserve'>): Plan {
  const command = {
    lines: lines.map(({ sku, quantity, location }) => ({ sku: truth.skus[sku]!, quantity, ...(location !== undefined && { location: truth.codes[location]! }) })),
    locations: locations?.map((code) => truth.codes[code]!), strategy, expiresInSeconds: seconds, dryRun,
  }
  return {
    send: (commands, idempotencyKey) => commands.reserveStock({ ...command, idempotencyKey }, caller),
    expect: (_, time, answered) => promises.reserve(truth, command, answered?.id ?? '', time),
  }
}

/** One that is open still, as long as there is one; at times any. */
function chosen<Item>(items: readonly Item[], which: number, isOpen: (item: Item) => boolean): Item | undefined {
  const open = which === 0 ? [] : items.filter(isOpen)
  const among = open.length > 0 ? open : items
  return among[which % among.length]
}

const NOBODY = '01900000-0000-7000-8000-000000000000'

function onReservation(truth: Truth, step: StepOf<'extend'> | StepOf<'fulfill'> | StepOf<'release'>, now: number): Plan {
  const found = chosen(truth.reservations, step.which, ({ status }) => status === 'OPEN')
  const at = { id: found?.id ?? NOBODY, ...versionOf(found?.version ?? 0, step.expected) }
  switch (step.type) {
    case 'extend': {
      const command = { ...at, expiresInSeconds: step.seconds }
      return { send: (commands, idempotencyKey) => commands.extendReservation({ ...command, idempotencyKey }, caller), expect: (_, time) => promises.extend(found, command, time) }
    }
    case 'fulfill': {
      const command = { ...at, lines: partsOf(found, step.parts), ...moment(truth, step, now) }
      return { send: (commands, idempotencyKey) => commands.fulfillReservation({ ...command, idempotencyKey }, caller), expect: (_, time) => promises.fulfill(truth, found, command, time) }
    }
    case 'release': {
      const command = { ...at, lines: partsOf(found, step.parts) }
      return { send: (commands, idempotencyKey) => commands.releaseReservation({ ...command, idempotencyKey }, caller), expect: (_, time) => promises.release(truth, found, command, time) }
    }
  }
}

const partsOf = (found: Reservation | undefined, parts: StepOf<'release'>['parts']) =>
  parts?.map(({ line, quantity }) => {
    const { sku = 'nothing', location = 'nowhere' } = found?.lines[line] ?? {}
    return { sku, location, quantity }
  })

function onTransfer(truth: Truth, step: StepOf<'dispatch'> | StepOf<'receive'> | StepOf<'cancel'>): Plan {
  if (step.type === 'dispatch') {
    const command = { from: truth.codes[step.from]!, to: truth.codes[step.to]!, lines: step.lines.map(({ sku, quantity }) => ({ sku: truth.skus[sku]!, quantity })) }
    return { send: (commands, idempotencyKey) => commands.dispatchTransfer({ ...command, idempotencyKey }, caller), expect: (_, time, answered) => promises.dispatch(truth, command, answered?.id ?? '', time) }
  }
  const found = chosen(truth.transfers, step.which, ({ status }) => status === 'IN_TRANSIT')
  const at = { id: found?.id ?? NOBODY, ...versionOf(found?.version ?? 0, step.expected) }
  if (step.type === 'cancel') return { send: (commands, idempotencyKey) => commands.cancelTransfer({ ...at, idempotencyKey }, caller), expect: (_, time) => promises.cancel(truth, found, at, time) }
  const command = { ...at, lines: step.arrived?.map(({ line, quantity }) => ({ sku: found?.lines[line]?.sku ?? 'nothing', quantity })) }
  return { send: (commands, idempotencyKey) => commands.receiveTransfer({ ...command, idempotencyKey }, caller), expect: (_, time) => promises.receive(truth, found, command, time) }
}

type CatalogueStep = Exclude<CommandStep, StockStep | StepOf<'applyMovements'> | StepOf<'reserve'> | StepOf<'extend'> | StepOf<'fulfill'> | StepOf<'release'> | StepOf<'dispatch'> | StepOf<'receive'> | StepOf<'cancel'>>

function onCatalogue(truth: Truth, step: CatalogueStep): Plan {
  const product = (sku: string, apply: () => void) => () => { apply(); return { sku, ...truth.products.get(sku)! } }
  const place = (code: string, apply: () => void) => () => { apply(); return { code, ...truth.locations.get(code)! } }
  switch (step.type) {
    case 'registerProduct': {
      const sku = truth.skus[step.sku]!
      const command = { sku, name: sku, barcode: null, unit: 'EACH' as const, attributes: {} }
      return { send: (commands, idempotencyKey) => commands.registerProduct({ ...command, idempotencyKey }, caller), expect: product(sku, () => { stock.registerProduct(truth, sku) }) }
    }
    case 'updateProduct': {
      const sku = truth.skus[step.sku]!
      const command = { sku, name: step.name, ...versionOf(truth.products.get(sku)?.version ?? 0, step.expected) }
      return { send: (commands, idempotencyKey) => commands.updateProduct({ ...command, idempotencyKey }, caller), expect: product(sku, () => { stock.updateProduct(truth, command) }) }
    }
    case 'discontinueProduct': {
      const sku = truth.skus[step.sku]!
      return { send: (commands, idempotencyKey) => commands.discontinueProduct({ sku, idempotencyKey }, caller), expect: product(sku, () => { stock.discontinueProduct(truth, sku) }) }
    }
    case 'openLocation': {
      const code = truth.codes[step.location]!
      const command = { code, name: code, kind: 'STORE' as const, timeZone: 'UTC' }
      return { send: (commands, idempotencyKey) => commands.openLocation({ ...command, idempotencyKey }, caller), expect: place(code, () => { stock.openLocation(truth, code) }) }
    }
    case 'updateLocation': {
      const code = truth.codes[step.location]!
      return { send: (commands, idempotencyKey) => commands.updateLocation({ code, name: step.name, idempotencyKey }, caller), expect: place(code, () => { stock.updateLocation(truth, code, step.name) }) }
    }
    case 'closeLocation': {
      const code = truth.codes[step.location]!
      return { send: (commands, idempotencyKey) => commands.closeLocation({ code, idempotencyKey }, caller), expect: place(code, () => { stock.closeLocation(truth, code) }) }
    }
  }
}
