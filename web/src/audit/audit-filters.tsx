import { useEffect, useState } from 'preact/hooks'
import { places } from '../api/places.ts'
import { words } from '../i18n/index.ts'
import { route, setParams } from '../router.ts'
import { EVENT_TYPES } from '../stock/effect.ts'
import { AUDIT_FIELDS } from './filter.ts'

const TYPING_MS = 300

export function AuditFilters() {
  const { audit, events, stock } = words.value
  const { params } = route.value
  const isFiltered = AUDIT_FIELDS.some((name) => params.get(name))
  return (
    <form class="filters" role="search" onSubmit={(event) => { event.preventDefault() }}>
      <label>
        {audit.type}
        <select value={params.get('type') ?? ''} onChange={({ currentTarget }) => { setParams({ type: currentTarget.value }) }}>
          <option value="">{audit.allTypes}</option>
          {EVENT_TYPES.map((type) => <option key={type} value={type}>{events[type] ?? type}</option>)}
        </select>
      </label>
      <Typed name="sku" text={audit.sku} />
      <label>
        {audit.location}
        <select value={params.get('location') ?? ''} onChange={({ currentTarget }) => { setParams({ location: currentTarget.value }) }}>
          <option value="">{stock.allLocations}</option>
          {[...places.value.values()].map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <Typed name="reference" text={audit.reference} />
      <Typed name="correlation" text={audit.correlation} />
      {isFiltered && <button type="button" onClick={() => { setParams(Object.fromEntries(AUDIT_FIELDS.map((name) => [name, '']))) }}>{audit.clear}</button>}
    </form>
  )
}

/** Asks when the typing pauses; follows the address when a link changes it. */
function Typed({ name, text }: { readonly name: (typeof AUDIT_FIELDS)[number]; readonly text: string }) {
  const asked = route.value.params.get(name) ?? ''
  const [typed, setTyped] = useState(asked)
  useEffect(() => { setTyped(asked) }, [asked])
  useEffect(() => {
    const timer = window.setTimeout(() => { if (typed !== asked) setParams({ [name]: typed }) }, TYPING_MS)
    return () => { window.clearTimeout(timer) }
  }, [typed])
  return <label>{text}<input type="text" value={typed} onInput={({ currentTarget }) => { setTyped(currentTarget.value) }} /></label>
}
