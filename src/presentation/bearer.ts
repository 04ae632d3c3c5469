const BEARER = /^bearer +([\w.~+/=-]+)$/i

/** The token of an Authorization header, or of what a socket sends in its place: undefined where there is none, empty where it is no bearer's. */
export function bearerOf(authorization: unknown): string | undefined {
  if (authorization === undefined) return undefined
  return (typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined) ?? ''
}
