import { type Identity, Unauthenticated } from '../../application/access/identity.ts'
import type { Authenticator } from '../../application/ports.ts'

export interface WatchedToken {
  readonly authenticator: Authenticator
  readonly token: string
  /** Whom it stood for when it was shown. */
  readonly identity: Identity
  /** How often it is looked at before its end: it may have been revoked. */
  readonly everyMs: number
  /** No one needs to know any more. */
  readonly signal: AbortSignal
  /** Told once, with a sentence, when it is good no longer. */
  onEnd(reason: string): void
}

/** Looks at a token at its end, and now and then before it. Where nobody can tell for now, it stays good until then. */
export function watchToken({ authenticator, token, identity: { expiresAt = Infinity }, everyMs, signal, onEnd }: WatchedToken): void {
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const reason = Date.now() >= expiresAt ? 'The token has expired: connect again with a new one.' : await refusal()
    if (signal.aborted) return
    if (reason === undefined) wait()
    else onEnd(reason)
  }

  function wait(): void {
    timer = setTimeout(() => void look(), Math.max(0, Math.min(everyMs, expiresAt - Date.now())))
    timer.unref()
  }

  const refusal = (): Promise<string | undefined> => authenticator.authenticate(token).then(
    () => undefined,
    (error: unknown) => (error instanceof Unauthenticated ? error.message : undefined),
  )

  if (signal.aborted) return
  signal.addEventListener('abort', () => { clearTimeout(timer) }, { once: true })
  wait()
}
