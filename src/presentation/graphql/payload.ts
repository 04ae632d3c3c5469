import { ArgumentValidationError, createMethodMiddlewareDecorator, Field, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import type { Answer } from '../../application/commands/types.ts'
import { DOMAIN_ERROR_CODES, DomainError, DomainErrors, type DomainErrorCode, type ErrorDetails } from '../../domain/errors.ts'
import type { Context } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { enumOf } from './enums.ts'
import { Cursor, JSONObject } from './scalars.ts'
import { refusals } from './validation.ts'

export const UserErrorCode = enumOf(...DOMAIN_ERROR_CODES)
registerEnumType(UserErrorCode, { name: 'UserErrorCode' })

@ObjectType({
  description: `What a command could not do, as data. Errors of the request itself or of the server (bad input by
type, UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, UNAVAILABLE) are GraphQL errors with extensions.code.
A command with any userErrors has appended nothing, but for applyMovements with SKIP_FAILED.`,
})
export class UserError {
  @Field(() => UserErrorCode) code!: DomainErrorCode
  @Field(() => String) message!: string
  @Field(() => [String], { nullable: true, description: 'Path into the input, for example ["input", "lines", "2", "quantity"].' })
  field!: readonly string[] | null
  @Field(() => JSONObject, {
    nullable: true,
    description: `What the client needs to react: for INSUFFICIENT_STOCK requested and availableToPromise, for VERSION_CONFLICT expectedVersion
and actualVersion.`,
  })
  details!: ErrorDetails | null
}

@InterfaceType({
  description: `Every payload says where its last event stands. \`replayed\` is true where the same idempotencyKey was
already done: the first answer is given again and nothing is appended.`,
})
export abstract class CommandPayload {
  @Field(() => [UserError]) userErrors!: UserError[]
  @Field(() => Cursor, { nullable: true }) cursor!: string | null
  @Field(() => Boolean) replayed!: boolean
}

/** The parts of a payload that every answer has. */
export const answered = (answer: Answer<unknown>, { inventory }: Context): CommandPayload => ({
  userErrors: [],
  cursor: answer.position === undefined ? null : encodeCursor(inventory.status().logId, answer.position),
  replayed: answer.replayed,
})

export const userError = ({ code, message, field, details }: DomainError): UserError =>
  ({ code, message, field: field.length > 0 ? ['input', ...field] : null, details })

type Refusals = readonly DomainError[]

/**
 * On a mutation: a refusal, by the edge or by the domain, becomes its payload's userErrors, with what `more` adds. Everything
 * else is an error of the request. What is selected of the payload is read after the command, and not taken from before it.
 */
export const RefusalsAsData = (more: (errors: Refusals) => object = () => ({})): MethodDecorator =>
  createMethodMiddlewareDecorator<Context>(async ({ context }, next) => {
    try {
      return (await next()) as unknown
    } catch (error) {
      const errors = refusalsIn(error)
      if (!errors) throw error
      return { ...more(errors), userErrors: errors.map(userError), cursor: null, replayed: false }
    } finally {
      context.forget()
    }
  })

function refusalsIn(error: unknown): Refusals | undefined {
  if (error instanceof ArgumentValidationError) return refusals(error)
  if (error instanceof DomainErrors) return error.errors
  return error instanceof DomainError ? [error] : undefined
}
