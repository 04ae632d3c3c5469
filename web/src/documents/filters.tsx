import { places } from '../api/places.ts'
import { words } from '../i18n/index.ts'
import { route, setParams } from '../router.ts'

interface StatusesProps<Status extends string> { readonly known: readonly Status[]; readonly names: Readonly<Record<Status, string>>; readonly chosen: Status | 'ANY' }

/** What is still going on is what is looked for most: it is shown unless told otherwise. */
export function Statuses<Status extends string>({ known, names, chosen }: StatusesProps<Status>) {
  const { documents: text } = words.value
  return (
    <fieldset class="segments">
      <legend>{text.status}</legend>
      {[...known, 'ANY' as const].map((status) => (
        <label key={status}>
          <input type="radio" name="status" checked={status === chosen} onChange={() => { setParams({ status: status === known[0] ? '' : status }) }} />
          <span>{status === 'ANY' ? text.any : names[status]}</span>
        </label>
      ))}
    </fieldset>
  )
}

export function statusOf<Status extends string>(known: readonly [Status, ...Status[]]): Status | 'ANY' {
  const asked = route.value.params.get('status')
  return asked === 'ANY' ? asked : known.find((status) => status === asked) ?? known[0]
}

export function LocationChoice() {
  const { stock } = words.value
  return (
    <label>
      {stock.location}
      <select value={route.value.params.get('location') ?? ''} onChange={({ currentTarget }) => { setParams({ location: currentTarget.value }) }}>
        <option value="">{stock.allLocations}</option>
        {[...places.value.values()].map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
      </select>
    </label>
  )
}
