import { useEffect, useRef, useState } from 'preact/hooks'
import type { Answered, Command } from '../api/commands.ts'
import { useSending } from '../command/sending.ts'

export const pathOf = (index: number): string => `lines.${index}.quantity`

/**
 * A form of lines with a quantity each, of which some are sent. Refusals come back by the places in what was sent, and
 * are told by the places in the form; `fields` are the form's others.
 */
export function useLines(beginning: () => readonly string[], fields: readonly string[] = []) {
  const [values, setValues] = useState(beginning)
  const sent = useRef<readonly number[]>([])
  const form = useRef<HTMLFormElement>(null)
  const { refusals, refuse, phase, send } = useSending((path) => {
    const place = sent.current[Number(/^lines\.(\d+)/.exec(path)?.[1])]
    return place === undefined ? fields.find((own) => own === path) ?? '' : pathOf(place)
  })
  useEffect(() => { form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus() }, [refusals])

  /** Of the lines, those that are given. */
  const sendLines = <Answer>(document: Command<Answer>, target: object, lines: readonly (object | undefined)[]): Promise<(Answer & Answered) | undefined> => {
    sent.current = lines.flatMap((line, index) => (line === undefined ? [] : [index]))
    return send(document, { ...target, lines: lines.filter((line) => line !== undefined) })
  }

  return {
    form, values, refusals, refuse, phase, send, sendLines,
    /** What was refused before is no longer said of what is written now. */
    setValue(index: number, value: string) {
      setValues(values.with(index, value))
      const { [pathOf(index)]: _, ...rest } = refusals
      refuse(rest)
    },
  }
}
