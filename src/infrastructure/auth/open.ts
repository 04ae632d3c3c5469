import { ANYBODY } from '../../application/access/identity.ts'
import type { Authenticator } from '../../application/ports.ts'

/** Lets everybody in, whatever they say of themselves. */
export const openToAll: Authenticator = { authenticate: () => Promise.resolve(ANYBODY) }
