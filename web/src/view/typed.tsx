import { useEffect, useState } from 'preact/hooks'
import { route, setParams } from '../router.ts'

const TYPING_MS = 300

/** A filter that is written. Asks when the typing pauses; follows the address when a link changes it. */
export function Typed({ name, text }: { readonly name: string; readonly text: string }) {
  const asked = route.value.params.get(name) ?? ''
  const [typed, setTyped] = useState(asked)
  useEffect(() => { setTyped(asked) }, [asked])
  useEffect(() => {
    const timer = window.setTimeout(() => { if (typed !== asked) setParams({ [name]: typed }) }, TYPING_MS)
    return () => { window.clearTimeout(timer) }
  }, [typed])
  return <label>{text}<input type="text" value={typed} onInput={({ currentTarget }) => { setTyped(currentTarget.value) }} /></label>
}
