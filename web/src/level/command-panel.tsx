import { useEffect, useRef, useState } from 'preact/hooks'
import { may } from '../api/session.ts'
import { words } from '../i18n/index.ts'
import { CommandField } from './command-field.tsx'
import { beginning, COMMAND_NAMES, type CommandName, COMMANDS, type Values } from './commands.ts'
import { type CommandPorts, useCommand } from './use-command.ts'

export function CommandPanel(ports: CommandPorts) {
  const { commands } = words.value
  const offered = COMMAND_NAMES.filter((known) => may(known, ports.level.location.code))
  const [chosen, setName] = useState<CommandName>('addStock')
  const name = offered.includes(chosen) ? chosen : offered[0]
  if (name === undefined) return null
  return (
    <section class="panel commands" aria-labelledby="commands">
      <h2 id="commands">{commands.title}</h2>
      <fieldset class="segments grid">
        <legend class="unseen">{commands.title}</legend>
        {offered.map((known) => (
          <label key={known}>
            <input type="radio" name="command" value={known} checked={known === name} onChange={() => { setName(known) }} />
            <span>{commands[known]}</span>
          </label>
        ))}
      </fieldset>
      <Form key={name} name={name} ports={ports} />
    </section>
  )
}

function Form({ name, ports }: { readonly name: CommandName; readonly ports: CommandPorts }) {
  const { commands } = words.value
  const [values, setValues] = useState<Values>(() => beginning(name, ports.level))
  const { refusals, phase, send } = useCommand(name, ports)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => { form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus() }, [refusals])
  const submit = async (): Promise<void> => {
    const isDone = await send(values)
    if (isDone && name !== 'setStockPolicy') setValues(beginning(name, ports.level))
  }
  return (
    <form
      ref={form} class="command" noValidate onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {COMMANDS[name].fields.map((field) => (
        <CommandField
          key={field} field={field} value={values[field] ?? ''} reasons={COMMANDS[name].reasons} refusal={refusals[field]}
          onChange={(value) => { setValues({ ...values, [field]: value }) }}
        />
      ))}
      <div class="send">
        <button type="submit" class="button" disabled={phase === 'sending'}>{phase === 'sending' ? commands.sending : commands.send[name]}</button>
        <span role="status" class="done">{phase === 'done' && commands.done}</span>
      </div>
      {refusals[''] && <p class="refusal" role="alert">{refusals['']}</p>}
    </form>
  )
}
