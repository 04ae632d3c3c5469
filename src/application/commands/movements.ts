import { DomainError, DomainErrors, invalidInput } from '../../domain/errors.ts'
import type { StockLevelCommand } from '../../domain/stock-level.ts'
import { StockQuantity } from '../../domain/quantity.ts'
import { type PlainRefusal, plainRefusal, refusalOf } from '../plain-refusal.ts'
import type { RecordedEvent } from '../ports.ts'
import type { AnyStream } from '../streams.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { type CommandContext, frame, lastOf } from './context.ts'
import { checkDocument } from './documents.ts'
import { dispatchStock, type StockTarget, stockLevelsAfter, stockTarget, viewAfter } from './stock-levels.ts'
import { type Answer, type ApplyMovements, type Caller, type Commands, type Movement, MOVEMENTS_MAX, type MovementsResult } from './types.ts'

export function movementCommands(context: CommandContext): Pick<Commands, 'applyMovements'> {
  return { applyMovements: (command, caller) => applyMovements(context, command, caller) }
}

/** A movement that can be decided on. */
interface Row {
  readonly index: number
  readonly movement: Movement
  readonly target: StockTarget
  readonly decision: StockLevelCommand
}

async function applyMovements(context: CommandContext, command: ApplyMovements, caller: Caller): Promise<Answer<MovementsResult>> {
  const { movements, errorPolicy, dryRun } = command
  const { idempotency } = frame(context, 'ApplyMovements', command, caller)
  requireCount(movements)
  const { rows, refusals: malformed } = read(movements, context.clock.now())
  const streams = new Map<string, AnyStream>()
  for (const { target } of rows) for (const stream of Object.values(target.streams)) streams.set(stream.name, stream)
  let refusals: readonly DomainError[] = []
  return context.execute<MovementsResult>({
    caller,
    idempotency: dryRun ? undefined : idempotency,
    streams: [...streams.values()],
    dryRun,
    decide(work) {
      refusals = inOrder([...malformed, ...decideAll(work, rows)])
      if (errorPolicy === 'ALL_OR_NOTHING' && refusals.length > 0) throw new DomainErrors(refusals)
    },
    remember: () => (refusals.length > 0 ? { refusals: refusals.map(plainRefusal) } : undefined),
    answer(work, events) {
      const touched = new Map(rows.map(({ target }) => [target.streams.stock.name, target]))
      const recordedAt = events.at(-1)?.recordedAt ?? work.now
      return {
        applied: movements.length - refusals.length,
        refusals,
        // In the order of their first event, as a replay reads them off the log.
        stockLevels: [...work.changes.keys()].flatMap((name) => touched.get(name) ?? []).map((target) => viewAfter(work, target, recordedAt)),
      }
    },
    replay: (events) => replay(context, events),
  })
}

async function replay(context: CommandContext, events: readonly RecordedEvent[]): Promise<MovementsResult> {
  lastOf(events)
  const { refusals = [] } = (events[0]?.metadata.idempotency?.answer ?? {}) as { readonly refusals?: readonly PlainRefusal[] }
  return {
    applied: events.length,
    refusals: refusals.map(refusalOf),
    stockLevels: await stockLevelsAfter(context, events),
  }
}

function requireCount(movements: readonly Movement[]): void {
  if (movements.length === 0) throw invalidInput('movements', 'movements must name at least one movement.', { min: 1 })
  if (movements.length > MOVEMENTS_MAX) {
    throw new DomainError('LIMIT_EXCEEDED', `movements must be ${MOVEMENTS_MAX} at the most: send them in parts.`, { max: MOVEMENTS_MAX, requested: movements.length }, ['movements'])
  }
}

/** Each movement in the words of the domain, and what of them is no movement at all. */
function read(movements: readonly Movement[], now: number): { readonly rows: readonly Row[]; readonly refusals: readonly DomainError[] } {
  const refusals: DomainError[] = []
  const rows = movements.flatMap((movement, index) => {
    const row = settled(index, () => {
      checkDocument(movement, now)
      return { index, movement, target: stockTarget(movement), decision: decisionOf(movement) }
    })
    if (!(row instanceof DomainError)) return [row]
    refusals.push(row)
    return []
  })
  return { rows, refusals }
}

function decisionOf({ delta, reason }: Movement): StockLevelCommand {
  const quantity = StockQuantity.of(delta, 'delta')
  if (quantity === 0) throw invalidInput('delta', 'delta must not be 0: above it adds, below it removes.')
  return quantity > 0
    ? { type: 'AddStock', quantity, reason: reason ?? 'RECEIVED' }
    : { type: 'RemoveStock', quantity: -delta, reason: reason ?? 'OTHER' }
}

function decideAll(work: UnitOfWork, rows: readonly Row[]): readonly DomainError[] {
  return rows.flatMap(({ index, movement, target, decision }) =>
    settled(index, () => { dispatchStock(work, target, decision, { document: movement }) }) ?? [])
}

/** A refusal as a value, at its row; what was asked for is called delta there. */
function settled<Value>(index: number, attempt: () => Value): Value | DomainError {
  try {
    return attempt()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const field = error.field.map((name) => (name === 'quantity' ? 'delta' : name))
    return new DomainError(error.code, error.message, error.details, ['movements', String(index), ...field])
  }
}

const inOrder = (refusals: readonly DomainError[]): readonly DomainError[] =>
  refusals.toSorted((a, b) => Number(a.field[1]) - Number(b.field[1]))
