import { places } from '../api/places.ts'
import { words } from '../i18n/index.ts'
import { route, setParams } from '../router.ts'
import { EVENT_TYPES } from '../stock/effect.ts'
import { Typed } from '../view/typed.tsx'
import { AUDIT_FIELDS } from './filter.ts'

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
