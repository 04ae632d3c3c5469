import { DomainError } from './errors.ts'

/** INVALID_INPUT for a list of nothing, LIMIT_EXCEEDED for one that is too long. */
export function requireCount(list: readonly unknown[], max: number, field = 'lines'): void {
  if (list.length === 0) throw new DomainError('INVALID_INPUT', `${field} must name at least one.`, { min: 1 }, [field])
  if (list.length <= max) return
  throw new DomainError('LIMIT_EXCEEDED', `${field} must be ${max} at the most: send them in parts.`, { max, requested: list.length }, [field])
}
