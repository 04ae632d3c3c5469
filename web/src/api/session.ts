import { signal } from '@preact/signals'

/** Who looks at the page, as the server knows them, and what they may. */
export interface Me {
  /** Null where nobody has to say who they are. */
  readonly actor: string | null
  readonly role: string
  /** Codes of the locations that they are bound to; null where they are bound to none. */
  readonly locations: readonly string[] | null
  /** Names of the queries, commands and subscriptions that they may use. */
  readonly permissions: readonly string[]
}

const TOKEN = 'stockstream-token'

export const me = signal<Me | undefined>(undefined)
/** Whether the server wants a token, and another than the one that it was shown, if any. */
export const isSignedOut = signal(false)

/** Kept for as long as this tab is open, and in no address. */
export const tokenOf = (): string | undefined => window.sessionStorage.getItem(TOKEN) ?? undefined

/** What requests and sockets are sent with. */
export function authorization(): Readonly<Record<string, string>> {
  const token = tokenOf()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/** Begins anew with a token, or without one. */
export function signIn(token: string): void {
  window.sessionStorage.setItem(TOKEN, token)
  window.location.reload()
}

export function signOut(): void {
  window.sessionStorage.removeItem(TOKEN)
  window.location.reload()
}

/** Whether to offer it at all; at one location where one is named. The server decides all the same. */
export function may(permission: string, location?: string): boolean {
  const { permissions = [], locations = null } = me.value ?? {}
  return permissions.includes(permission) && (location === undefined || locations === null || locations.includes(location))
}
