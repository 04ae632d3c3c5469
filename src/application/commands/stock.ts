import type { StockLevelCommand } from '../../domain/stock-level.ts'
import { VersionMismatch } from '../ports.ts'
import type { StockLevelView } from '../views.ts'
import { type CommandContext, frame } from './context.ts'
import { currentLevel, dispatchStock, stockLevelsAfter, stockTarget, viewAfter } from './stock-levels.ts'
import type { Answer, Caller, Commands, CountStock, Documented, Expecting, Keyed } from './types.ts'

type StockCommands = Pick<Commands, 'addStock' | 'removeStock' | 'countStock' | 'setStockAside' | 'putStockBack' | 'setStockPolicy'>
type OnStockLevel = Expecting & Keyed & Documented & { readonly sku: string; readonly location: string }

export function stockCommands(context: CommandContext): StockCommands {
  const on = (command: OnStockLevel, caller: Caller, decision: StockLevelCommand) => decideOn(context, command, caller, decision)
  return {
    addStock: (command, caller) => on(command, caller, { type: 'AddStock', quantity: command.quantity, reason: command.reason }),
    removeStock: (command, caller) => on(command, caller, { type: 'RemoveStock', quantity: command.quantity, reason: command.reason }),
    countStock(command, caller) {
      const { occurredAt, counted } = command
      return occurredAt === undefined
        ? on(command, caller, { type: 'CountStock', counted })
        : countThen(context, { ...command, occurredAt }, caller)
    },
    setStockAside: (command, caller) => on(command, caller, { type: 'SetStockAside', quantity: command.quantity, reason: command.reason }),
    putStockBack: (command, caller) => on(command, caller, { type: 'PutStockBack', quantity: command.quantity }),
    setStockPolicy: (command, caller) => on(command, caller, { type: 'SetStockPolicy', policy: command.policy }),
  }
}

async function decideOn(context: CommandContext, command: OnStockLevel, caller: Caller, decision: StockLevelCommand): Promise<Answer<StockLevelView>> {
  const target = stockTarget(command)
  const { document, idempotency } = frame(context, decision.type, command, caller)
  const { answer, replay } = answers(context, target)
  return context.execute<StockLevelView>({
    caller, document, idempotency,
    streams: Object.values(target.streams),
    decide(work) { dispatchStock(work, target, decision, command) },
    answer, replay,
  })
}

/**
 * A count that is recorded late: the difference is to what was on hand at that moment, by all that is known now. The
 * location stands still meanwhile, so that nothing which is still on its way to the read model is missed.
 */
async function countThen(context: CommandContext, command: CountStock & { readonly occurredAt: number }, caller: Caller): Promise<Answer<StockLevelView>> {
  const target = stockTarget(command)
  const { stock, location } = target.streams
  let then = { onHand: 0, version: 0 }
  return context.execute<StockLevelView>({
    ...frame(context, 'CountStock', command, caller),
    streams: Object.values(target.streams),
    alone: location,
    async prepare() { then = (await context.readModel.onHandAt(target, command.occurredAt)).value },
    decide(work) {
      const version = work.version(stock)
      if (version !== then.version) throw new VersionMismatch(stock.name, then.version, version)
      dispatchStock(work, target, { type: 'CountStock', counted: command.counted, onHandThen: then.onHand }, command)
    },
    ...answers(context, target),
  })
}

const answers = (context: CommandContext, target: ReturnType<typeof stockTarget>) => ({
  answer: async (work: Parameters<typeof viewAfter>[0], events: Parameters<typeof stockLevelsAfter>[1]): Promise<StockLevelView> => {
    const last = events.at(-1)
    return last ? viewAfter(work, target, last.recordedAt) : currentLevel(context, target)
  },
  replay: async (events: Parameters<typeof stockLevelsAfter>[1]): Promise<StockLevelView> => {
    const [level] = await stockLevelsAfter(context, events)
    return level ?? currentLevel(context, target)
  },
})
