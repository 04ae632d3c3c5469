import { Unauthenticated } from '../application/access/identity.ts'

const BEARER = /^bearer +([\w.~+/=-]+)$/i

/** The token of an Authorization header, or of what a socket sends in its place; undefined where there is none. Unauthenticated where it holds something else. */
export function bearerOf(authorization: unknown): string | undefined {
  if (authorization === undefined) return undefined
  const token = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined
  if (token === undefined) throw new Unauthenticated('This is no bearer token: send it as "Authorization: Bearer TOKEN".')
  return token
}
