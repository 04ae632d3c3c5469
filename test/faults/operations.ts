/** What clients did to one stock level, and whether one server that does one thing after the other could have answered so. */
import type { Tally } from './tally.ts'

export interface Operation {
  readonly id: string
  readonly kind: 'add' | 'remove' | 'reserve' | 'read'
  /** Of a read, 0. */
  readonly quantity: number
  /** Nanoseconds of the machine's monotonic clock, when it was first asked. */
  readonly begin: number
  /** Undefined where nobody got an answer. */
  readonly answer?: OperationAnswer
}

export interface OperationAnswer {
  readonly end: number
  readonly isRefused: boolean
  /** Of the stock level: as it was read, as the write left it, or as it was refused at. A reservation's answer has none. */
  readonly version?: number
  /** Right after the version; undefined for a refusal and a reservation. */
  readonly shown?: Shown
}

export interface Shown { readonly onHand: number; readonly reserved: number }

/** An event of the stock level as it stands in the log, and by how much it changed what is shown. */
export interface LoggedChange extends Shown { readonly id: string; readonly version: number }

interface Answered extends Operation { readonly answer: OperationAnswer; readonly version: number }

/** Each thing that no such server could have answered, as a sentence, and how many there are of which kind. */
export function examine(operations: readonly Operation[], log: readonly LoggedChange[]): Omit<Tally, 'cycles'> {
  const { states, writes, violations } = replay(log)
  const answered = operations.flatMap((operation) => {
    const { answer, id } = operation
    return answer ? [{ ...operation, answer, version: answer.version ?? writes.get(id)?.[0] ?? -1 }] : []
  })
  const done = answered.filter(({ kind, answer }) => kind !== 'read' && !answer.isRefused)
  const doubled = [...writes].filter(([, versions]) => versions.length > 1)
  return {
    acknowledged: done.length,
    lost: done.filter(({ id }) => !writes.has(id)).length,
    doubled: doubled.length,
    refused: answered.filter(({ answer }) => answer.isRefused).length,
    violations: [
      ...violations,
      ...answered.flatMap((operation) => wrongAnswer(operation, states, writes.get(operation.id) ?? [])),
      ...doubled.map(([id, versions]) => `${id} was done ${versions.length} times`),
      ...outOfOrder(answered),
    ],
  }
}

/** What is shown after each version, from 0 on, and the versions that each write made. */
function replay(log: readonly LoggedChange[]) {
  const states: Shown[] = [{ onHand: 0, reserved: 0 }]
  const violations: string[] = []
  const writes = new Map<string, number[]>()
  for (const [n, { id, version, onHand, reserved }] of log.entries()) {
    if (version !== n + 1) violations.push(`version ${version} stands where ${n + 1} belongs`)
    const before = states[n]!
    const after = { onHand: before.onHand + onHand, reserved: before.reserved + reserved }
    states.push(after)
    if (available(after) < 0) violations.push(`version ${version} is oversold`)
    writes.set(id, [...(writes.get(id) ?? []), n + 1])
  }
  return { states, violations, writes }
}

const available = ({ onHand, reserved }: Shown): number => onHand - reserved

function wrongAnswer({ id, kind, quantity, version, answer: { isRefused, shown } }: Answered, states: readonly Shown[], writes: readonly number[]): string[] {
  if (version === -1) return [`${id} was answered, and stands nowhere in the log`]
  const there = states[version]
  if (there === undefined) return [`${id} was answered with version ${version}, which the log does not have`]
  if (isRefused && writes.length > 0) return [`${id} was refused, and done`]
  if (isRefused && available(there) >= quantity) return [`${id} was refused at version ${version}, where there was enough`]
  if (!isRefused && kind !== 'read' && !writes.includes(version)) return [`${id} was answered with version ${version}, which is not its own`]
  if (shown && (shown.onHand !== there.onHand || shown.reserved !== there.reserved)) {
    return [`${id} was told ${text(shown)} at version ${version}, where there was ${text(there)}`]
  }
  return []
}

const text = ({ onHand, reserved }: Shown): string => `${onHand} on hand, ${reserved} reserved`

/**
 * Whoever begins after another was answered sees at least what that one saw; a write more than that. In the order of
 * their ends, the greatest version so far is carried along in the order of their beginnings.
 */
function outOfOrder(answered: readonly Answered[]): string[] {
  const byEnd = answered.toSorted((a, b) => a.answer.end - b.answer.end)
  const found: string[] = []
  let [ended, seen, by] = [0, 0, '']
  for (const { id, kind, begin, version, answer } of answered.toSorted((a, b) => a.begin - b.begin)) {
    for (let next = byEnd[ended]; next && next.answer.end < begin; next = byEnd[++ended]) {
      if (next.version > seen) [seen, by] = [next.version, next.id]
    }
    const isWrite = kind !== 'read' && !answer.isRefused
    if (version < seen || (isWrite && version === seen && by !== id)) {
      found.push(`${id} was answered with version ${version}, after ${by} had been with ${seen}`)
    }
  }
  return found
}
