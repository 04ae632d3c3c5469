import { useState } from 'preact/hooks'
import { signIn, tokenOf } from '../api/session.ts'
import { words } from '../i18n/index.ts'
import { Title } from '../view/title.tsx'

/** Asks for a token; one that was shown and not taken is said to be so. */
export function SignIn() {
  const { session: text } = words.value
  const [token, setToken] = useState('')
  const isRefused = tokenOf() !== undefined
  return (
    <form
      class="panel sign-in" onSubmit={(event) => {
        event.preventDefault()
        if (token.trim() !== '') signIn(token.trim())
      }}
    >
      <Title text={text.title} />
      <p class="hint" id="token-hint">{text.hint}</p>
      <div class="field">
        <label for="token">{text.token}</label>
        <input
          id="token" type="password" autoComplete="off" spellcheck={false} value={token} aria-invalid={isRefused}
          aria-describedby={isRefused ? 'token-refusal' : 'token-hint'} onInput={({ currentTarget }) => { setToken(currentTarget.value) }}
        />
        {isRefused && <p class="refusal" id="token-refusal" role="alert">{text.refused}</p>}
      </div>
      <button type="submit" class="button">{text.signIn}</button>
    </form>
  )
}
