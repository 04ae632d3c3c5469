import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Identity, type Role, ROLES } from '../../application/access/identity.ts'

/** One key as the file has it: not the key itself, but its hash. */
export interface ApiKey {
  readonly id: string
  /** The actor of all that is done with it. */
  readonly name: string
  readonly role: Role
  /** Codes, or "*" for all. */
  readonly locations: readonly string[] | '*'
  /** Of the whole key, in hex. */
  readonly sha256: string
  /** RFC 3339. */
  readonly createdAt: string
  readonly expiresAt?: string
  readonly revokedAt?: string
}

const KEY = /^ssk_([0-9a-f]{16})_[\w-]{43}$/

/** A new key: 256 random bits, so that its plain hash can't be turned back. */
export function newKey(): { readonly id: string; readonly key: string; readonly sha256: string } {
  const id = randomBytes(8).toString('hex')
  const key = `ssk_${id}_${randomBytes(32).toString('base64url')}`
  return { id, key, sha256: hashOf(key).toString('hex') }
}

/** The id within a key; undefined where the text is none. */
export const idOf = (text: string): string | undefined => KEY.exec(text)?.[1]

/** In the same time wherever they differ. */
export const isKeyOf = ({ sha256 }: ApiKey, text: string): boolean => timingSafeEqual(hashOf(text), Buffer.from(sha256, 'hex'))

export const isOver = ({ expiresAt, revokedAt }: ApiKey, now: number): boolean =>
  revokedAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= now)

export const identityOfKey = ({ name, role, locations, expiresAt }: ApiKey): Identity => ({
  actor: name,
  role,
  locations: locations === '*' ? 'all' : new Set(locations),
  ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
})

/** Whether it is a key as this file says, so that a damaged file lets nobody in. */
export function isApiKey(value: unknown): value is ApiKey {
  const { id, name, role, locations, sha256, createdAt, expiresAt, revokedAt } = (value ?? {}) as Partial<Record<keyof ApiKey, unknown>>
  return [id, name, createdAt].every(isText) && ROLES.some((known) => known === role)
    && (locations === '*' || (Array.isArray(locations) && locations.every(isText)))
    && isText(sha256) && /^[0-9a-f]{64}$/.test(sha256) && [expiresAt, revokedAt].every(isMomentOrNone)
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isMomentOrNone = (value: unknown): boolean => value === undefined || (isText(value) && !Number.isNaN(Date.parse(value)))
