import { requireOpen } from '../../domain/location.ts'
import { requireActive, requireRegistered } from '../../domain/product.ts'
import { type StockLevel, type StockLevelCommand, stockLevel } from '../../domain/stock-level.ts'
import { identifier } from '../../domain/text.ts'
import type { RecordedEvent } from '../ports.ts'
import { stockLevels } from '../projections/stock-levels.ts'
import { locationStream, productStream, stockStream } from '../streams.ts'
import type { StockLevelView } from '../views.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { Answer, Caller, Commands, Documented, Expecting, Keyed } from './types.ts'

type StockCommands = Pick<Commands, 'addStock' | 'removeStock' | 'setStockAside' | 'putStockBack' | 'setStockPolicy'>
type OnStockLevel = Expecting & Keyed & Documented & { readonly sku: string; readonly location: string }

/** A discontinued product takes nothing in, and may still go out. */
const INCOMING: ReadonlySet<StockLevelCommand['type']> = new Set(['AddStock'])

export function stockCommands(context: CommandContext): StockCommands {
  const on = (command: OnStockLevel, caller: Caller, decision: StockLevelCommand) => decideOn(context, command, caller, decision)
  return {
    addStock: (command, caller) => on(command, caller, { type: 'AddStock', quantity: command.quantity, reason: command.reason }),
    removeStock: (command, caller) => on(command, caller, { type: 'RemoveStock', quantity: command.quantity, reason: command.reason }),
    setStockAside: (command, caller) => on(command, caller, { type: 'SetStockAside', quantity: command.quantity, reason: command.reason }),
    putStockBack: (command, caller) => on(command, caller, { type: 'PutStockBack', quantity: command.quantity }),
    setStockPolicy: (command, caller) => on(command, caller, { type: 'SetStockPolicy', policy: command.policy }),
  }
}

async function decideOn(
  context: CommandContext,
  command: OnStockLevel,
  caller: Caller,
  decision: StockLevelCommand,
): Promise<Answer<StockLevelView>> {
  const sku = identifier(command.sku, 'sku')
  const code = identifier(command.location, 'location')
  const [product, location, stock] = [productStream(sku), locationStream(code), stockStream(sku, code)]
  return context.execute<StockLevelView>({
    ...frame(context, decision.type, command, caller),
    streams: [product, location, stock],
    decide(work) {
      const requireProduct = INCOMING.has(decision.type) ? requireActive : requireRegistered
      requireProduct(work.state(product), sku)
      requireOpen(work.state(location), code)
      work.dispatch(stock, decision, command.expectedVersion)
    },
    answer(work, events) {
      const last = events.at(-1)
      return last ? viewOf(sku, code, work.state(stock), last) : unchanged(context, sku, code)
    },
    replay: (events) => rowAfter(context, stockLevels, lastOf(events)),
  })
}

function viewOf(sku: string, location: string, state: StockLevel, { version, recordedAt }: Pick<RecordedEvent, 'version' | 'recordedAt'>): StockLevelView {
  const { onHand, reserved, unavailable, incoming, safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative } = state
  return {
    sku, location, onHand, reserved, unavailable, incoming,
    safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative,
    version, updatedAt: recordedAt,
  }
}

/** A command that changes nothing answers with what is there, and with nothing of everything where nothing was ever there. */
async function unchanged({ readModel, clock }: CommandContext, sku: string, location: string): Promise<StockLevelView> {
  const { value: [level] } = await readModel.stockLevels([{ sku, location }])
  return level ?? viewOf(sku, location, stockLevel.initialState, { version: 0, recordedAt: clock.now() })
}
