import { may, me, signOut } from '../api/session.ts'
import { language, languages, words } from '../i18n/index.ts'
import { href, route } from '../router.ts'
import { theme, THEMES } from '../theme.ts'
import { ConnectionState } from './connection-state.tsx'

export function Header() {
  const { nav, themes } = words.value
  return (
    <header class="top">
      <a class="brand" href={href([])}><Mark />Stockstream</a>
      <nav aria-label={nav.main}>
        <Tab page="" text={nav.overview} />
        <Tab page="stock" text={nav.stock} />
        <Tab page="reservations" text={nav.reservations} />
        <Tab page="transfers" text={nav.transfers} />
        {may('webhooks') && <Tab page="webhooks" text={nav.webhooks} />}
        <Tab page="audit" text={nav.audit} />
        <a href="/graphiql">{nav.explorer}</a>
      </nav>
      <ConnectionState />
      <Reader />
      <div class="choices">
        <select aria-label={nav.language} value={language.value} onChange={({ currentTarget }) => { language.value = currentTarget.value }}>
          {languages.map(({ tag, name }) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
        </select>
        <select aria-label={nav.theme} value={theme.value} onChange={({ currentTarget }) => { theme.value = THEMES.find((known) => known === currentTarget.value) ?? 'auto' }}>
          {THEMES.map((name) => <option key={name} value={name}>{themes[name]}</option>)}
        </select>
      </div>
    </header>
  )
}

function Tab({ page, text }: { readonly page: string; readonly text: string }) {
  const isCurrent = (route.value.path[0] ?? '') === page
  return <a href={href(page ? [page] : [])} aria-current={isCurrent ? 'page' : undefined}>{text}</a>
}

/** Who is signed in, where somebody has to be. */
function Reader() {
  const { session: text } = words.value
  if (me.value?.actor == null) return null
  return (
    <p class="reader">
      <span title={text.roles[me.value.role] ?? me.value.role}>{me.value.actor}</span>
      <button type="button" class="plain" onClick={signOut}>{text.signOut}</button>
    </p>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path d="M6 21.5h4.5l3-11 4 13 3-8H26" /></svg>
  )
}
