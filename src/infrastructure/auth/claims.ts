import { type Identity, type Role, ROLES, Unauthenticated } from '../../application/access/identity.ts'

/** Which claims of a token say the role and the locations. */
export interface ClaimNames { readonly role: string; readonly locations: string }

type Claims = Readonly<Record<string, unknown>>

/** Who the claims of a token speak of: `sub` is the actor, `exp` the end. Unauthenticated where they leave that open. */
export function identityOf(claims: Claims, names: ClaimNames): Identity {
  const { sub, exp } = claims
  if (typeof sub !== 'string' || sub === '') throw new Unauthenticated('The token names nobody: its claim sub must be a text.')
  return {
    actor: sub,
    role: roleOf(claims[names.role], names.role),
    locations: locationsOf(claims[names.locations], names.locations),
    ...(typeof exp === 'number' && { expiresAt: exp * 1_000 }),
  }
}

function roleOf(claim: unknown, name: string): Role {
  const role = ROLES.find((known) => known === claim)
  if (role) return role
  throw new Unauthenticated(`The token has no role here: its claim ${name} must be one of ${ROLES.join(', ')}.`)
}

function locationsOf(claim: unknown, name: string): Identity['locations'] {
  if (claim === undefined || claim === '*') return 'all'
  if (Array.isArray(claim) && claim.every((code) => typeof code === 'string')) return new Set<string>(claim)
  throw new Unauthenticated(`The token's claim ${name} must be a list of codes, or "*" for all.`)
}
