import { createMethodMiddlewareDecorator, Field, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import type { Answer } from '../../application/commands/types.ts'
import { DOMAIN_ERROR_CODES, DomainError, DomainErrors, type DomainErrorCode, type ErrorDetails } from '../../domain/errors.ts'
import type { Context } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { Cursor, JSONObject } from './scalars.ts'

export const UserErrorCode = Object.fromEntries(DOMAIN_ERROR_CODES.map((code) => [code, code])) as Record<DomainErrorCode, DomainErrorCode>
registerEnumType(UserErrorCode, { name: 'UserErrorCode' })

@ObjectType({ description: 'What a command could not do, as data.' })
export class UserError {
  @Field(() => UserErrorCode) code!: DomainErrorCode
  @Field(() => String) message!: string
  @Field(() => [String], { nullable: true, description: 'Path into the input.' }) field!: readonly string[] | null
  @Field(() => JSONObject, { nullable: true }) details!: ErrorDetails | null
}

@InterfaceType({ description: 'Every payload says where its last event stands.' })
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

const userError = ({ code, message, field, details }: DomainError): UserError =>
  ({ code, message, field: field.length > 0 ? ['input', ...field] : null, details })

/** On a mutation: a refusal becomes its payload's userErrors. Everything else is an error of the request. */
export const RefusalsAsData = (): MethodDecorator =>
  createMethodMiddlewareDecorator(async (_data, next) => {
    try {
      return (await next()) as unknown
    } catch (error) {
      if (error instanceof DomainError) return { userErrors: [userError(error)], cursor: null, replayed: false }
      if (error instanceof DomainErrors) return { userErrors: error.errors.map(userError), cursor: null, replayed: false }
      throw error
    }
  })
