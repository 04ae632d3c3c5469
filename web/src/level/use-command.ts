import { useRef, useState } from 'preact/hooks'
import { tell } from '../api/client.ts'
import type { CommandInput, StockAnswer } from '../api/commands.ts'
import type { Level, UserError } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { messageOf } from '../view/failure.tsx'
import { type CommandName, COMMANDS, inputOf, isNumber, predict, type Values } from './commands.ts'

export interface CommandPorts {
  readonly level: Level
  /** The stock level as it will be; undefined when that is over, one way or the other. */
  readonly onPredicted: (level: Level | undefined) => void
  readonly onNewer: (level: Level) => void
  readonly onConflict: () => void
}

/** What stands beside a field, by its name; beside none of them under ''. */
export type Refusals = Readonly<Record<string, string>>

export function useCommand(name: CommandName, { level, onPredicted, onNewer, onConflict }: CommandPorts) {
  const [refusals, setRefusals] = useState<Refusals>({})
  const [phase, setPhase] = useState<'idle' | 'sending' | 'done'>('idle')
  // The same until there is an answer, so that sending again after a broken connection has one effect.
  const key = useRef(newKey())

  const take = ({ stockLevel, userErrors }: StockAnswer): boolean => {
    key.current = newKey()
    if (stockLevel) onNewer(stockLevel)
    if (userErrors.some(({ code }) => code === 'VERSION_CONFLICT')) onConflict()
    setRefusals(Object.fromEntries(userErrors.map((error) => [fieldOf(error, name), textOf(error, level)])))
    return userErrors.length === 0
  }

  /** Resolves with whether it is done. */
  const send = async (values: Values): Promise<boolean> => {
    const wrong = wrongNumbers(name, values)
    setRefusals(wrong)
    if (Object.keys(wrong).length > 0) return false
    const own = inputOf(name, values)
    const input: CommandInput = { ...own, sku: level.product.sku, location: level.location.code, expectedVersion: level.version, idempotencyKey: key.current }
    setPhase('sending')
    onPredicted(predict(name, own, level))
    let isDone = false
    try {
      isDone = take((await tell(COMMANDS[name].document, { input })).answer)
    } catch (error) {
      setRefusals({ '': messageOf(error) })
    }
    onPredicted(undefined)
    setPhase(isDone ? 'done' : 'idle')
    return isDone
  }

  return { refusals, phase, send }
}

/** A whole number in the field's range, or a sentence that says what to write. */
function wrongNumbers(name: CommandName, values: Values): Refusals {
  const { commands: text } = words.value
  const wrong = COMMANDS[name].fields.filter(isNumber).flatMap((field): [string, string][] => {
    const least = field === 'quantity' || field === 'reorderQuantity' ? 1 : 0
    const given = String(values[field] ?? '').trim()
    const value = Number(given)
    const isRight = given === '' ? name === 'setStockPolicy' : Number.isSafeInteger(value) && value >= least
    return isRight ? [] : [[field, least === 1 ? text.requiredPositive : text.required]]
  })
  return Object.fromEntries(wrong)
}

function fieldOf({ field }: UserError, name: CommandName): string {
  const last = field?.at(-1) ?? ''
  return COMMANDS[name].fields.some((own) => own === last) ? last : ''
}

function textOf({ code, message, details }: UserError, level: Level): string {
  const { commands: text } = words.value
  if (code === 'VERSION_CONFLICT') return text.conflict(number(level.quantities.onHand))
  if (code === 'INSUFFICIENT_STOCK' && typeof details?.requested === 'number' && typeof details.available === 'number') {
    return text.shortage(number(details.requested), number(Math.max(0, details.available)))
  }
  return message
}

/** Also where the page comes over plain HTTP, and there is no crypto.randomUUID. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
