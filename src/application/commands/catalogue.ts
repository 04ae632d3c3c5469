import type { DomainEvent } from '../../domain/events.ts'
import type { LocationCommand, LocationContents } from '../../domain/location.ts'
import type { ProductCommand } from '../../domain/product.ts'
import { identifier } from '../../domain/text.ts'
import type { RecordedEvent } from '../ports.ts'
import { locations } from '../projections/locations.ts'
import { products } from '../projections/products.ts'
import type { Projection } from '../read-model.ts'
import { locationStream, productStream, type Stream } from '../streams.ts'
import type { LocationView, ProductView } from '../views.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { Answer, Caller, CloseLocation, Commands, Expecting, Keyed } from './types.ts'

type CatalogueCommands = Pick<Commands, 'registerProduct' | 'updateProduct' | 'discontinueProduct' | 'openLocation' | 'updateLocation' | 'closeLocation'>

export function catalogueCommands(context: CommandContext): CatalogueCommands {
  const { readModel } = context
  const onProduct = (command: Keyed & Expecting & { readonly sku: string }, caller: Caller, decision: ProductCommand) =>
    decideOn<ProductView, ProductCommand>(context, command, caller, decision, {
      stream: productStream(identifier(command.sku, 'sku')),
      projection: products,
      current: async () => (await readModel.products([command.sku])).value[0],
    })
  const onLocation = (command: Keyed & Expecting & { readonly code: string }, caller: Caller, decision: LocationCommand) =>
    decideOn<LocationView, LocationCommand>(context, command, caller, decision, {
      stream: locationStream(identifier(command.code, 'code')),
      projection: locations,
      current: async () => (await readModel.locations([command.code])).value[0],
    })
  return {
    registerProduct(command, caller) {
      const { sku, name, barcode, unit, attributes } = command
      return onProduct(command, caller, { type: 'RegisterProduct', sku, name, barcode, unit, attributes })
    },
    updateProduct(command, caller) {
      const { sku, expectedVersion, idempotencyKey, ...changes } = command
      return onProduct(command, caller, { type: 'UpdateProduct', changes })
    },
    discontinueProduct: (command, caller) => onProduct(command, caller, { type: 'DiscontinueProduct' }),
    openLocation(command, caller) {
      const { code, name, kind, timeZone } = command
      return onLocation(command, caller, { type: 'OpenLocation', code, name, kind, timeZone })
    },
    updateLocation(command, caller) {
      const { code, expectedVersion, idempotencyKey, ...changes } = command
      return onLocation(command, caller, { type: 'UpdateLocation', changes })
    },
    closeLocation: (command, caller) => closeLocation(context, command, caller),
  }
}

/** The location stands still until it is closed, so that nothing comes into it between the look and the end. */
async function closeLocation(context: CommandContext, command: CloseLocation, caller: Caller): Promise<Answer<LocationView>> {
  const { readModel } = context
  const stream = locationStream(identifier(command.code, 'code'))
  let contents: LocationContents = { skus: [], reservations: [], transfers: [] }
  return context.execute<LocationView>({
    ...frame(context, 'CloseLocation', command, caller),
    streams: [stream],
    alone: stream,
    async prepare() { contents = (await readModel.locationContents(command.code)).value },
    decide(work) { work.dispatch(stream, { type: 'CloseLocation', contents }, command) },
    ...answers(context, locations, stream.name, async () => (await readModel.locations([command.code])).value[0]),
  })
}

interface Target<View extends object, Command> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the state is looked at by the stream's own decider alone
  readonly stream: Stream<any, Command, DomainEvent>
  readonly projection: Projection<View>
  current(): Promise<View | undefined>
}

async function decideOn<View extends object, Command extends { readonly type: string }>(
  context: CommandContext,
  command: Keyed & Expecting,
  caller: Caller,
  decision: Command,
  { stream, projection, current }: Target<View, Command>,
): Promise<Answer<View>> {
  return context.execute<View>({
    ...frame(context, decision.type, command, caller),
    streams: [stream],
    decide(work) {
      work.dispatch(stream, decision, command)
    },
    ...answers(context, projection, stream.name, current),
  })
}

/** The row as the command left it; as it is where the command changed nothing. */
const answers = <View extends object>(
  context: CommandContext,
  projection: Projection<View>,
  name: string,
  current: () => Promise<View | undefined>,
) => ({
  async answer(_work: unknown, events: readonly RecordedEvent[]): Promise<View> {
    const row = events.length > 0 ? await rowAfter(context, projection, lastOf(events)) : await current()
    if (!row) throw new Error(`${name} is not projected.`)
    return row
  },
  replay: (events: readonly RecordedEvent[]): Promise<View> => rowAfter(context, projection, lastOf(events)),
})
