import { words } from '../i18n/index.ts'

/** What went wrong, in the server's words where it said any, and the way to try again. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { failure } = words.value
  return (
    <div class="failure" role="alert">
      <p><strong>{failure.title}</strong><br />{messageOf(error)}</p>
      <button type="button" onClick={onRetry}>{failure.again}</button>
    </div>
  )
}

export function messageOf(error: unknown): string {
  const { graphQLErrors = [], networkError } = error as { graphQLErrors?: readonly Error[]; networkError?: Error }
  if (graphQLErrors.length > 0) return graphQLErrors.map(({ message }) => message).join(' ')
  if (networkError) return words.value.failure.unreachable
  return error instanceof Error ? error.message : String(error)
}
