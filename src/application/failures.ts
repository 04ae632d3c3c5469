import { DomainError, DomainErrors } from '../domain/errors.ts'
import { KeyTaken, Stirred, Unavailable, VersionMismatch } from './ports.ts'
import { InvalidCursor } from './read-model.ts'

const REFUSALS = [DomainError, DomainErrors, VersionMismatch, KeyTaken, Stirred, InvalidCursor]

/** Whoever was asked is there and has answered: with no. */
export const isRefusal = (error: unknown): boolean => REFUSALS.some((refusal) => error instanceof refusal)

/** Whoever was asked can't be reached. Errors of the system and of drivers carry a code; those of a program's own mistakes don't. */
export const isAway = (error: unknown): boolean =>
  error instanceof Unavailable || (error instanceof Error && !isRefusal(error) && 'code' in error && typeof error.code === 'string')
