import { gql } from '@urql/core'
import { waitMs } from '../live/connection.ts'
import { ask } from './client.ts'
import { isSignedOut, me, type Me } from './session.ts'

export const ME = gql<{ me: Me }, Record<string, never>>`
  query Me { me { actor role locations permissions } }
`

/** Resolves when it is known who looks, and never where they have to sign in first. */
export async function knowReader(): Promise<void> {
  for (let attempt = 1; me.value === undefined; attempt += 1) {
    try {
      me.value = (await ask(ME, {})).me
    } catch {
      if (isSignedOut.value) return new Promise(() => undefined)
      await new Promise((resolve) => { window.setTimeout(resolve, waitMs(attempt)) })
    }
  }
}
