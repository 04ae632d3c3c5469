import { Ctx, Field, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql'
import { type Role as RoleName, ROLES } from '../../application/access/identity.ts'
import { permissionsOf } from '../../application/access/permissions.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { DateTime } from './scalars.ts'

const Role = enumOf(...ROLES.map(nameOf))
registerEnumType(Role, { name: 'Role', description: 'Each may do all that those before it may.' })

@ObjectType({ description: 'Who asks, and what they may.' })
export class Me {
  @Field(() => String, { nullable: true, description: 'Kept with every event; null where nobody has to say who they are.' }) actor!: string | null
  @Field(() => Role) role!: Uppercase<RoleName>
  @Field(() => [String], { nullable: true, description: 'Codes of the locations that they are bound to; null where they are bound to none.' })
  locations!: readonly string[] | null
  @Field(() => [String], { description: 'Names of the queries, commands and subscriptions that they may use.' }) permissions!: readonly string[]
  @Field(() => DateTime, { nullable: true, description: 'When a new token has to be shown; null for never.' }) expiresAt!: number | null
}

@Resolver()
export class MeResolver {
  @Query(() => Me)
  me(@Ctx() { inventory: { identity } }: Context): Me {
    const { actor = null, role, locations, expiresAt = null } = identity
    return { actor, role: nameOf(role), locations: locations === 'all' ? null : [...locations], permissions: permissionsOf(identity), expiresAt }
  }
}

function nameOf(role: RoleName): Uppercase<RoleName> {
  return role.toUpperCase() as Uppercase<RoleName>
}
