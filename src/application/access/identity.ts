/** Each role may do all that those before it may. */
export const ROLES = ['reader', 'clerk', 'manager', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks, as the one who let them in knows it. */
export interface Identity {
  /** Kept with every event; undefined where everybody is let in. */
  readonly actor?: string
  readonly role: Role
  /** Codes of the locations that they are bound to. */
  readonly locations: ReadonlySet<string> | 'all'
  /** When they have to show a new token. Milliseconds since 1970 UTC; never where it is left out. */
  readonly expiresAt?: number
}

/** Where nobody has to say who they are. */
export const ANYBODY: Identity = Object.freeze({ role: 'admin', locations: 'all' })

export const isAtLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least)

/** It is not known who asks. The message says what to send. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated'
}

/** It is known who asks, and they may not. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden'
}
