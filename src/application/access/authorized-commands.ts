import { DomainError } from '../../domain/errors.ts'
import type { Caller, Commands } from '../commands/types.ts'
import type { ReadModel } from '../read-model.ts'
import type { TransferView } from '../views.ts'
import type { Identity } from './identity.ts'
import { PERMISSIONS } from './permissions.ts'
import { requireOwn, requirePermission } from './scope.ts'

type Look = Pick<ReadModel, 'reservations' | 'transfers'>
type Locations = readonly string[] | Promise<readonly string[]>
type Placed = { readonly location: string }

const nowhere = (): Locations => []
const there = ({ location }: Placed): Locations => [location]
const codeOf = ({ code }: { readonly code: string }): Locations => [code]
const locationsOf = (lines: readonly Placed[]): readonly string[] => lines.map(({ location }) => location)

/** Neither the lines of a reservation nor the ends of a transfer ever change, so that any answer tells them. */
async function linesOf(look: Look, id: string): Promise<readonly string[]> {
  const { value: [view] } = await look.reservations([id])
  if (!view) throw new DomainError('NOT_FOUND', 'There is no reservation of this id.', { id }, ['id'])
  return locationsOf(view.lines)
}

async function endOf(look: Look, id: string, pick: (view: TransferView) => string): Promise<readonly string[]> {
  const { value: [view] } = await look.transfers([id])
  if (!view) throw new DomainError('NOT_FOUND', 'There is no transfer of this id.', { id }, ['id'])
  return [pick(view)]
}

/** The locations that each command acts at. */
const ACTS_AT: { readonly [Name in keyof Commands]: (command: Parameters<Commands[Name]>[0], look: Look) => Locations } = {
  registerProduct: nowhere,
  updateProduct: nowhere,
  discontinueProduct: nowhere,
  openLocation: codeOf,
  updateLocation: codeOf,
  closeLocation: codeOf,
  addStock: there,
  removeStock: there,
  countStock: there,
  setStockAside: there,
  putStockBack: there,
  setStockPolicy: there,
  applyMovements: ({ movements }) => locationsOf(movements),
  reserveStock: ({ lines, locations = [] }) => [...locations, ...lines.flatMap(({ location }) => location ?? [])],
  extendReservation: ({ id }, look) => linesOf(look, id),
  fulfillReservation: ({ id, lines }, look) => (lines ? locationsOf(lines) : linesOf(look, id)),
  releaseReservation: ({ id, lines }, look) => (lines ? locationsOf(lines) : linesOf(look, id)),
  dispatchTransfer: ({ from }) => [from],
  receiveTransfer: ({ id }, look) => endOf(look, id, ({ to }) => to),
  cancelTransfer: ({ id }, look) => endOf(look, id, ({ from }) => from),
  registerWebhook: nowhere,
  updateWebhook: nowhere,
  removeWebhook: nowhere,
  redeliver: nowhere,
}

type AnyCommand = (command: object, caller: Caller) => Promise<unknown>

/** The commands as this caller may give them: under their name, and refused with Forbidden where the table says so. */
export function authorizedCommands(commands: Commands, look: Look, identity: Identity): Commands {
  const { actor, locations } = identity
  const within = locations === 'all' ? [] : [...locations]
  const authorized = (name: keyof Commands): AnyCommand => async (command, caller) => {
    requirePermission(identity, name, PERMISSIONS.Mutation[name])
    if (locations !== 'all') requireOwn(identity, await ACTS_AT[name](command as never, look))
    const bounded = name === 'reserveStock' && locations !== 'all' ? { ...command, within } : command
    return (commands[name] as AnyCommand)(bounded, actor === undefined ? caller : { ...caller, actor })
  }
  const names = Object.keys(ACTS_AT) as (keyof Commands)[]
  return Object.fromEntries(names.map((name) => [name, authorized(name)])) as unknown as Commands
}
