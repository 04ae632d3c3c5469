import { Field, InputType } from 'type-graphql'
import { SafeInt } from './scalars.ts'
import { IsIdentifier } from './validation.ts'

/** A command's lines are checked where they are decided on: one that says something wrong is told of beside those that are short. */
@InputType()
export class LineInput {
  @Field(() => String) @IsIdentifier() sku!: string
  @Field(() => SafeInt) quantity!: number
}

/** The UUID in an id of the API, which names a stream; a plain UUID is taken as well. */
export const uuidOf = (kind: 'reservation' | 'transfer' | 'webhook', id: string): string =>
  id.startsWith(`${kind}:`) ? id.slice(kind.length + 1) : id
