import { useEffect, useState } from 'preact/hooks'
import { places } from '../api/places.ts'
import { words } from '../i18n/index.ts'
import { route, setParams } from '../router.ts'
import { SHOWN, shownOf } from './question.ts'

const TYPING_MS = 200

export function StockFilters() {
  const { stock } = words.value
  const { params } = route.value
  const shown = shownOf(params)
  return (
    <form class="filters" role="search" onSubmit={(event) => { event.preventDefault() }}>
      <Search />
      <label>
        {stock.location}
        <select value={params.get('location') ?? ''} onChange={({ currentTarget }) => { setParams({ location: currentTarget.value }) }}>
          <option value="">{stock.allLocations}</option>
          {[...places.value.values()].map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <fieldset class="segments">
        <legend>{stock.show}</legend>
        {SHOWN.map((name) => (
          <label key={name}>
            <input type="radio" name="show" checked={shown === name} onChange={() => { setParams({ show: name === 'all' ? '' : name }) }} />
            <span>{stock[name]}</span>
          </label>
        ))}
      </fieldset>
    </form>
  )
}

/** Asks the server when the typing pauses. */
function Search() {
  const { stock } = words.value
  const asked = route.value.params.get('search') ?? ''
  const [text, setText] = useState(asked)
  useEffect(() => {
    const timer = window.setTimeout(() => { if (text !== asked) setParams({ search: text }) }, TYPING_MS)
    return () => { window.clearTimeout(timer) }
  }, [text])
  return (
    <label class="search">
      {stock.search}
      <input type="search" value={text} placeholder={stock.searchHint} onInput={({ currentTarget }) => { setText(currentTarget.value) }} />
    </label>
  )
}
