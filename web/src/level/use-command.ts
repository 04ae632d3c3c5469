import type { Level, UserError } from '../api/types.ts'
import { wholeNumber } from '../command/numbers.ts'
import { type Refusals, useSending } from '../command/sending.ts'
import { words } from '../i18n/index.ts'
import { type CommandName, COMMANDS, inputOf, isNumber, predict, type Values } from './commands.ts'

export interface CommandPorts {
  readonly level: Level
  /** The stock level as it will be; undefined when that is over, one way or the other. */
  readonly onPredicted: (level: Level | undefined) => void
  readonly onNewer: (level: Level) => void
  readonly onConflict: () => void
}

export function useCommand(name: CommandName, { level, onPredicted, onNewer, onConflict }: CommandPorts) {
  const { refusals, refuse, phase, send: sendInput } = useSending((path) => COMMANDS[name].fields.find((own) => own === path) ?? '')

  /** Resolves with whether it is done. */
  const send = async (values: Values): Promise<boolean> => {
    const wrong = wrongNumbers(name, values)
    refuse(wrong)
    if (Object.keys(wrong).length > 0) return false
    const own = inputOf(name, values)
    onPredicted(predict(name, own, level))
    const answer = await sendInput(COMMANDS[name].document, { ...own, sku: level.product.sku, location: level.location.code, expectedVersion: level.version })
    if (answer?.stockLevel) onNewer(answer.stockLevel)
    if (answer?.userErrors.some(isConflict)) onConflict()
    onPredicted(undefined)
    return answer?.userErrors.length === 0
  }

  return { refusals, phase, send }
}

const isConflict = ({ code }: UserError): boolean => code === 'VERSION_CONFLICT'

/** A whole number in the field's range, or a sentence that says what to write. */
function wrongNumbers(name: CommandName, values: Values): Refusals {
  const { commands: text } = words.value
  const wrong = COMMANDS[name].fields.filter(isNumber).flatMap((field): [string, string][] => {
    const least = field === 'quantity' || field === 'reorderQuantity' ? 1 : 0
    const given = String(values[field] ?? '')
    const isRight = given.trim() === '' ? name === 'setStockPolicy' : wholeNumber(given, least) !== undefined
    return isRight ? [] : [[field, least === 1 ? text.requiredPositive : text.required]]
  })
  return Object.fromEntries(wrong)
}
