/** What clients did to one stock level, and whether one server that does one thing after the other could have answered so. */

export interface Operation {
  readonly id: string
  readonly kind: 'add' | 'remove' | 'read'
  /** Of a read, 0. */
  readonly quantity: number
  /** Nanoseconds of the machine's monotonic clock, when it was first asked. */
  readonly begin: number
  /** Undefined where nobody got an answer. */
  readonly answer?: OperationAnswer
}

export interface OperationAnswer {
  readonly end: number
  readonly version: number
  /** Right after the version; undefined for a refusal. */
  readonly onHand?: number
}

/** An event of the stock level as it stands in the log. */
export interface LoggedChange { readonly id: string; readonly version: number; readonly delta: number }

type Answered = Operation & { readonly answer: OperationAnswer }

const isAnswered = (operation: Operation): operation is Answered => operation.answer !== undefined

/** Each thing that no such server could have answered, as a sentence. */
export function violations(operations: readonly Operation[], log: readonly LoggedChange[]): string[] {
  const onHand = [0]
  const found: string[] = []
  const writes = new Map<string, number[]>()
  for (const [n, { id, version, delta }] of log.entries()) {
    if (version !== n + 1) found.push(`version ${version} stands where ${n + 1} belongs`)
    onHand.push(onHand[n]! + delta)
    if (onHand[n + 1]! < 0) found.push(`version ${version} is oversold`)
    writes.set(id, [...(writes.get(id) ?? []), n + 1])
  }
  const answered = operations.filter(isAnswered)
  for (const operation of answered) found.push(...wrongAnswer(operation, onHand, writes.get(operation.id) ?? []))
  for (const [id, versions] of writes) if (versions.length > 1) found.push(`${id} was done ${versions.length} times`)
  return [...found, ...outOfOrder(answered)]
}

function wrongAnswer({ id, kind, quantity, answer: { version, onHand: told } }: Answered, onHand: readonly number[], writes: readonly number[]): string[] {
  const there = onHand[version]
  if (there === undefined) return [`${id} was answered with version ${version}, which the log does not have`]
  if (kind !== 'read' && told !== undefined && !writes.includes(version)) return [`${id} was answered with version ${version}, which is not its own`]
  if (told === undefined && writes.length > 0) return [`${id} was refused, and done`]
  if (told === undefined && there >= quantity) return [`${id} was refused at version ${version}, where there was enough`]
  if (told !== undefined && told !== there) return [`${id} was told ${told} on hand at version ${version}, where there was ${there}`]
  return []
}

/**
 * Whoever begins after another was answered sees at least what that one saw; a write more than that. In the order of
 * their ends, the greatest version so far is carried along in the order of their beginnings.
 */
function outOfOrder(answered: readonly Answered[]): string[] {
  const byEnd = answered.toSorted((a, b) => a.answer.end - b.answer.end)
  const found: string[] = []
  let [ended, seen, by] = [0, 0, '']
  for (const { id, kind, begin, answer } of answered.toSorted((a, b) => a.begin - b.begin)) {
    for (let next = byEnd[ended]; next && next.answer.end < begin; next = byEnd[++ended]) {
      if (next.answer.version > seen) [seen, by] = [next.answer.version, next.id]
    }
    const isWrite = kind !== 'read' && answer.onHand !== undefined
    if (answer.version < seen || (isWrite && answer.version === seen && by !== id)) {
      found.push(`${id} was answered with version ${answer.version}, after ${by} had been with ${seen}`)
    }
  }
  return found
}
