/** What class-validator asks at the edge. Rules are the domain's own: asked here too, so that all that is wrong is told at once. */
import { ValidateBy, type ValidationArguments, type ValidationError } from 'class-validator'
import { ArgumentValidationError } from 'type-graphql'
import { DomainError } from '../../domain/errors.ts'
import { StockQuantity } from '../../domain/quantity.ts'
import { displayName, identifier } from '../../domain/text.ts'
import { idempotencyKey, note, reference } from '../../application/commands/documents.ts'

/** Gives back what it is given, or throws a DomainError. */
type Rule<Value> = (value: Value, field: string) => unknown

/** The field keeps the rule. What is absent or null is the type's concern, not the rule's. */
export const Obeys = <Value>(rule: Rule<Value>): PropertyDecorator => ValidateBy({
  name: 'obeys',
  validator: {
    validate: (value: Value, args?: ValidationArguments) => refusalOf(rule, value, args) === undefined,
    defaultMessage: (args) => refusalOf(rule, args?.value as Value, args)?.message ?? '',
  },
})

function refusalOf<Value>(rule: Rule<Value>, value: Value, args: ValidationArguments | undefined): DomainError | undefined {
  try {
    rule(value, args?.property ?? '')
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

export const IsIdentifier = () => Obeys(identifier)
export const IsDisplayName = () => Obeys(displayName)
export const IsReference = () => Obeys(reference)
export const IsNote = () => Obeys(note)
export const IsIdempotencyKey = () => Obeys(idempotencyKey)
export const IsQuantity = ({ min }: { readonly min: number }) => Obeys((value: number, field) => StockQuantity.atLeast(min, value, field))

/** Each thing that is wrong, with its path into the argument. */
export function refusals(error: ArgumentValidationError): readonly DomainError[] {
  return flattened(error.extensions.validationErrors, [])
}

const flattened = (errors: readonly ValidationError[], path: readonly string[]): readonly DomainError[] =>
  errors.flatMap(({ property, constraints = {}, children = [] }) => [
    ...Object.values(constraints).map((message) => new DomainError('INVALID_INPUT', message, {}, [...path, property])),
    ...flattened(children, [...path, property]),
  ])
