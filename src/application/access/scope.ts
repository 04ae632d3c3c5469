import { Forbidden, type Identity, isAtLeast } from './identity.ts'
import type { Permission } from './permissions.ts'

export const isPermitted = ({ role, locations }: Identity, { least, elsewhere }: Permission): boolean =>
  isAtLeast(role, least) && (elsewhere !== 'closed' || locations === 'all')

/** Forbidden where the caller's role does not reach, or where it is not for those who are bound to locations. */
export function requirePermission(identity: Identity, name: string, permission: Permission): void {
  if (isPermitted(identity, permission)) return
  const { role } = identity
  const { least } = permission
  throw new Forbidden(isAtLeast(role, least) ? `${name} is for those who are bound to no location.` : `${name} takes the role ${least}, and yours is ${role}.`)
}

/** Forbidden where one of the locations is not the caller's. */
export function requireOwn({ locations: own }: Identity, named: readonly string[]): void {
  if (own === 'all') return
  const foreign = named.find((code) => !own.has(code))
  if (foreign !== undefined) throw new Forbidden(`You are bound to other locations than ${JSON.stringify(foreign)}.`)
}

/** Those of the wanted locations that are the caller's: all of theirs where none is named. */
export const among = (own: ReadonlySet<string>, wanted: readonly string[] | undefined): readonly string[] =>
  wanted ? wanted.filter((code) => own.has(code)) : [...own]
