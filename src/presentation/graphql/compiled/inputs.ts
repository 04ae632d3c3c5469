import { getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator'

/** Whether an input keeps all its rules. What it breaks is for class-validator to tell. */
export type Accepts = (input: object) => boolean

/** The class of an input. */
export type Input = new () => object

interface Rule {
  readonly property: string
  readonly constraints: unknown[]
  readonly validator: ValidatorConstraintInterface
}

/** The rules that class-validator would look up for each input anew; undefined where it has to be asked. */
export function acceptsOf(target: Input): Accepts | undefined {
  const rules = rulesOf(target)
  return rules && ((input) => rules.every((rule) => keeps(rule, input as Readonly<Record<string, unknown>>, target.name)))
}

function rulesOf(target: Input): readonly Rule[] | undefined {
  const storage = getMetadataStorage()
  const all = storage.getTargetValidationMetadatas(target, '', false, false)
  const isPlain = all.every(({ type, each, validateIf, groups }) =>
    type === 'customValidation' && !each && !(validateIf as unknown) && !((groups as unknown[] | undefined)?.length))
  // An input without rules is a mistake, which class-validator refuses.
  if (all.length === 0 || !isPlain) return undefined
  const found = all.flatMap(({ propertyName, constraints, constraintCls }) => storage.getTargetValidatorConstraints(constraintCls)
    .map(({ async, instance }) => ({ property: propertyName, constraints: constraints as unknown[], validator: instance, async })))
  return found.some(({ async }) => async) ? undefined : found
}

/** What is absent or null is the type's concern, not the rule's. */
function keeps({ property, constraints, validator }: Rule, object: Readonly<Record<string, unknown>>, targetName: string): boolean {
  const value = object[property]
  if (value === undefined || value === null) return true
  const asked: ValidationArguments = { targetName, property, object, value, constraints }
  return validator.validate(value, asked) === true
}
